# shellcheck shell=sh
# Sourced by the scripts that need a JDK 25: find_jdk25 sets jdk to its directory, or says what to install and fails.

is_jdk25() {
    [ -x "$1/bin/javac" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release" 2>/dev/null
}

find_jdk25() {
    jdk=$(command -v java || true)
    [ -z "$jdk" ] || jdk=$(dirname "$(dirname "$(readlink -f "$jdk")")")
    for jdk in "${JAVA_HOME:-}" "$jdk" /usr/lib/jvm/* "${SDKMAN_DIR:-${HOME:-}/.sdkman}"/candidates/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-}"/.jdks/*; do
        if is_jdk25 "$jdk"; then
            return
        fi
    done
    echo 'No JDK 25 found. Install one, for example Temurin (https://adoptium.net/temurin/releases/?version=25),' \
        'or set JAVA_HOME to it.' >&2
    return 1
}
