import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
export const users = pg.pgTable('users', { id: pg.serial('id').primaryKey(), name: pg.text('name') }, (t) => []);
export const notes = pg.pgTable('notes', { a: pg.integer('a'), b: pg.integer('b') }, (t) => [pg.index().on(t.a)]);
