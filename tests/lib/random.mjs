// Numbers that look random and are the same on every machine for the same seed.

export class Random {
  #state;

  constructor(seed) {
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
    for (let i = 0; i < 4; i++) this.#next();
  }

  // mulberry32
  #next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low, high) {
    return low + Math.floor(this.#next() * (high - low + 1));
  }

  /** A whole number from 0 on, below `limit`. */
  below(limit) {
    return this.int(0, limit - 1);
  }

  chance(probability) {
    return this.#next() < probability;
  }

  pick(list) {
    return list[this.int(0, list.length - 1)];
  }

  /** One of `[[weight, value], …]`. */
  weighted(list) {
    let rest = this.#next() * list.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of list) if ((rest -= weight) < 0) return value;
    return list[list.length - 1][1];
  }

  shuffled(list) {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [copy[i], copy[j]] = [copy[j], copy[i]];
    }
    return copy;
  }

  /** `count` of the list, in the list's order. */
  some(list, count) {
    const chosen = new Set(this.shuffled([...list.keys()]).slice(0, count));
    return list.filter((_, i) => chosen.has(i));
  }
}
