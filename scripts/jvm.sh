# shellcheck shell=sh
# Sourced by both launchers, the source tree's and the installed one, after they have set java_options: sets heap and touched,
# adds the collector, and has check_jvm try the JVM. Ends the launcher if there is too little memory.

given="${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${_JAVA_OPTIONS:-} ${SHAKEDOWN_JAVA_OPTS:-}"

say() {
    printf 'shakedown: %s\n' "$*" >&2
}

# Prints how many bytes of memory this process may use: the machine's, or what its control groups (v2 or v1) allow.
memory() {
    {
        sed -n 's/^MemTotal: *\([0-9]*\) kB/\1000/p' /proc/meminfo
        sed -n 's,^0::,/sys/fs/cgroup,p; s,^[0-9]*:memory:,/sys/fs/cgroup/memory,p' /proc/self/cgroup | while read -r group; do
            while [ "$group" != /sys/fs ]; do
                cat "$group/memory.max" "$group/memory.limit_in_bytes" || true
                group=${group%/*}
            done
        done
    } 2>/dev/null | grep -x '[0-9]\{1,15\}' | sort -n | head -n 1
}

# Handshakes under way wait while garbage is collected. Young objects get little room, 16 MB for each processor: survivors are
# copied often, but each time in 1 to 4 ms, while the JVM's own choice takes 10 to 30. Memory that is touched for the first time
# costs as much again, so it is touched at the start, which is quick where Linux has large pages.
# Long-lived objects take less than 10 kB per connection under way, so the rest of the heap is enough for 40,000; without a
# bound it would keep garbage for hours. Memory outside the heap is up to 120 MB.
# Sets heap, and touched: the options that touch it at the start.
choose_heap() {
    processors=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
    young=$((processors > 2 ? 16 * processors : 32))
    if [ "$megabytes" -lt $((2 * young + 576)) ]; then
        heap="-Xmx$((megabytes / 4))m"
        return
    fi
    heap="-Xmn${young}m -Xmx$((young + 448))m"
    if grep -q -s -F -e '[madvise]' -e '[always]' /sys/kernel/mm/transparent_hugepage/enabled; then
        touched="-Xms$((young + 96))m -XX:+UseTransparentHugePages -XX:+AlwaysPreTouch"
    fi
}

megabytes=$(memory)
megabytes=$((${megabytes:-1000000000000} / 1048576))
if [ "$megabytes" -lt 160 ]; then
    say "this process may use $megabytes MB of memory, but needs 160 MB; raise the limit of its container or control group"
    exit 3
fi
case $given in
*-XX:+Use*GC*) ;;
*) java_options="$java_options -XX:+UseSerialGC" ;;
esac
heap=
touched=
case $given in
*-Xm[nsx]* | *-XX:*Heap* | *-XX:*RAM* | *-XX:*NewSize* | *-XX:+Use*GC*) ;;
*) choose_heap ;;
esac

# $1: the program java. A JVM that does not start exits with 1, which would mean that a gate was missed; so where
# that may happen it is tried first.
check_jvm() {
    case "$given$(ulimit -v)" in
    *[!\ ]*unlimited) ;;
    *unlimited) return ;;
    esac
    # shellcheck disable=SC2086 # several words
    if ! said=$(set -f && "$1" $java_options $heap ${SHAKEDOWN_JAVA_OPTS:-} -version 2>&1); then
        say "the JVM does not start; see to its options in JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS and SHAKEDOWN_JAVA_OPTS, and to" \
            "limits on memory: $(printf '%s\n' "$said" | grep -v -e '[Pp]icked up' -e '^Error' | head -n 1)"
        exit 3
    fi
}
