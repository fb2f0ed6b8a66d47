# What people do with a folder, on the view and on the same files elsewhere. For tests/bench/run, which sources it.
# shellcheck disable=SC2154,SC2034 # what tests/bench/run sets, and what it reads

needle="the one that everybody looks for" # stands in one file
subjects="ext4 migfs bindfs fuse-overlayfs passthrough_ll"

# subject_up NAME POINT SOURCE SIZE: mounts one there. SOURCE is the copy that the others show.
subject_up() {
    case $1 in
    migfs) mount_up "$2" "$migfs" --database="$(uri "bench_$4")" "$work/source.$4" "$2" ;;
    bindfs) mount_up "$2" bindfs -r "$3" "$2" ;;
    fuse-overlayfs) mount_up "$2" fuse-overlayfs -o "lowerdir=$3" "$2" 2>/dev/null ;; # it complains of an option of ext4
    passthrough_ll) mount_up "$2" "$work/passthrough_ll" -o "source=$3,cache=always" "$2" ;;
    esac
}

# subject_again POINT: as a newly mounted one; the last parts of POINT are the size and the name.
subject_again() {
    local name=${1##*/} size=${1%/*}
    [ "$name" = ext4 ] && return
    mount_down "$1" && subject_up "$name" "$1" "${1%/*}/ext4" "${size##*/}"
}

# What is done before a turn under each condition, beside `measure`'s own options.
prepare() {
    rm -rf "${copies:?}"/*
    case $1 in
    "first use") subject_again "$2" ;;
    "caches dropped") sync && echo 3 >/proc/sys/vm/drop_caches ;;
    esac
}

options_of() {
    case $1 in
    warm) echo -w ;;
    "after idleness") echo -w -i 1500 ;;
    esac
}

# row CONDITION WORKLOAD FOLDER COMMAND…: one line of the table.
row() {
    local condition=$1 workload=$2 folder=$3 subject cells='' first=''
    shift 3
    # shellcheck disable=SC2046  # options
    measure -n "$rounds" -s "$seconds" -p "prepare '$condition' \"\$1\"" $(options_of "$condition") \
        $(for subject in $present; do echo "$folder/$subject"; done) -- "$@" >"$work/row" || return
    while read -r median ratio low high; do
        if [ -z "$first" ]; then
            first=$(printf '%.1f ms' "$median")
        else
            cells+=$(printf ' %.2f (%.2f–%.2f) |' "$ratio" "$low" "$high")
        fi
    done <"$work/row"
    printf '| %s | %s | %s |%s\n' "$condition" "$workload" "$first" "$cells"
}

# shellcheck disable=SC2016  # the inner shell's words
rows() {
    local folder=$1 condition=$2
    row "$condition" '`ls -l`' "$folder" ls -l '{}/status' &&
        row "$condition" '`cat`' "$folder" sh -c 'cat "$1"/status/*' cat '{}' &&
        row "$condition" '`grep -l`' "$folder" sh -c 'grep -l "^state: pending$" "$1"/status/*' grep '{}' &&
        row "$condition" '`grep -r`' "$folder" grep -r "$needle" '{}' &&
        row "$condition" '`find`' "$folder" find '{}' -type f -size +0 &&
        row "$condition" '`cp -r`' "$folder" sh -c 'exec cp -r "$1" "$2/$$"' cp '{}' "$copies" &&
        row "$condition" '`tar c`' "$folder" tar -C '{}' -cf - . &&
        row "$condition" 'build context' "$folder" "$work/measure" walk '{}/migrations'
}

bench_workloads() {
    local size subject condition folder present wanted
    IFS=, read -ra wanted <<<"$conditions"
    mkdir -p "$copies"
    [ -x "$work/passthrough_ll" ] || subjects=${subjects% passthrough_ll}
    for size in $sizes; do
        folder "$size"
        folder=$work/view/$size present=''
        mkdir -p "$folder"
        subject_up migfs "$folder/migfs" "" "$size" && cp -r "$folder/migfs" "$folder/ext4" || return
        for subject in $subjects; do
            # It holds each file open, and at some 20,000 of them it ends.
            if [ "$subject" = passthrough_ll ] && [ "$size" -gt 2000 ]; then continue; fi
            present+=" $subject"
            subject_again "$folder/$subject" || return
        done
        printf '\n### %s migrations, %s files and links\n\n' "$size" "$(find "$folder/ext4" ! -type d | wc -l)"
        printf '| condition | workload | ext4 | %s |\n|---|---|---|' "$(echo ${present# ext4 } | sed 's/ / | /g')"
        printf -- '---|%.0s' ${present# ext4 } && echo
        for condition in "${wanted[@]}"; do rows "$folder" "$condition" || return; done
        for subject in $present; do mount_down "$folder/$subject"; done
    done
}
