# Makes the manual page migfs-problems(7) of docs/problems.md, which is also what `migfs explain` prints.
#
#     awk -v version=VERSION -f packaging/problems.awk docs/problems.md

# What groff would take for its own.
function plain(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    return text ~ /^[.']/ ? "\\&" text : text
}

# Code between backticks, strong words, and links, of which the text stays.
function inline(text,    parts, count, i, made) {
    text = plain(text)
    while (match(text, /\[[^]]*\]\([^)]*\)/)) {
        made = substr(text, RSTART + 1, RLENGTH - 1)
        sub(/\]\(.*/, "", made)
        text = substr(text, 1, RSTART - 1) made substr(text, RSTART + RLENGTH)
    }
    gsub(/\*\*/, "`", text)
    count = split(text, parts, "`")
    text = parts[1]
    for (i = 2; i <= count; i++) text = text (i % 2 ? "\\fR" : "\\fB") parts[i]
    return count > 1 && count % 2 == 0 ? text "\\fR" : text
}

function paragraph() {
    if (is_apart) print ".PP"
    is_apart = 0
}

NR == 1 {
    print ".TH MIGFS\\-PROBLEMS 7 \"\" \"migfs " version "\" \"migfs\""
    print ".SH NAME"
    print "migfs\\-problems \\- what each problem that migfs reports means, and what to do about it"
    print ".SH DESCRIPTION"
    next
}
/^<!--/ { next }
/^```/ {
    is_code = !is_code
    print is_code ? ".PP\n.RS 4\n.nf" : ".fi\n.RE"
    is_apart = !is_code
    next
}
is_code { print plain($0); next }
/^    / {
    print ".PP\n.RS 4\n.nf\n" plain(substr($0, 5)) "\n.fi\n.RE"
    is_apart = 1
    next
}
/^## / { gsub(/`/, ""); print ".SH " plain(substr($0, 4)); is_apart = 0; next }
/^### / { print ".SS " plain(substr($0, 5)); is_apart = 0; next }
/^- / { print ".IP \\(bu 2\n" inline(substr($0, 3)); is_apart = 0; next }
/^$/ { is_apart = 1; next }
{ paragraph(); print inline($0) }
END {
    print ".SH SEE ALSO"
    print ".BR migfs (1)"
}
