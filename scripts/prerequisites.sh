# shellcheck shell=bash
# What Zonekeeper needs from the machine: found, installed where that is possible, or named exactly.
# Sourced by ./zonekeeper and ./verify. Says what it does on stderr.

readonly JAVA_WANTED=25

# BIND's programs are in folders that are not on everybody's path.
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

say() { printf '%s\n' "$*" >&2; }

die() {
  say "zonekeeper: $*"
  exit 2
}

# The major version of the Java in a folder, or nothing.
java_major() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# All folders that may hold a Java, the preferred ones first.
java_candidates() {
  [ -z "${JAVA_HOME:-}" ] || printf '%s\n' "$JAVA_HOME"
  local java
  if java=$(command -v java) && java=$(readlink -f "$java" 2>/dev/null); then
    dirname "$(dirname "$java")"
  fi
  local folder
  for folder in /usr/lib/jvm/* /opt/* /opt/java/* /usr/local/* "${HOME:-/}"/.sdkman/candidates/java/* \
    "${HOME:-/}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ ! -x "$folder/bin/java" ] || printf '%s\n' "$folder"
  done
  if [ -x /usr/libexec/java_home ]; then
    /usr/libexec/java_home -v "$JAVA_WANTED+" 2>/dev/null || true
  fi
}

# Sets JAVA_HOME to a JDK that is new enough. With "compiler" it must be able to compile.
find_jdk() {
  local folder major others=""
  while IFS= read -r folder; do
    major=$(java_major "$folder")
    [ -n "$major" ] || continue
    if [ "$major" -ge "$JAVA_WANTED" ] && { [ "${1:-}" != compiler ] || [ -x "$folder/bin/javac" ]; }; then
      export JAVA_HOME="$folder"
      return
    fi
    others="$others $folder ($major)"
  done < <(java_candidates)
  if can_apt && apt-cache show openjdk-25-jdk-headless >/dev/null 2>&1; then
    apt_install openjdk-25-jdk-headless || true
    JAVA_HOME=$(find /usr/lib/jvm -maxdepth 1 -name 'java-*25-openjdk-*' | head -n 1)
    export JAVA_HOME
    [ ! -x "$JAVA_HOME/bin/javac" ] || return 0
  fi
  say "zonekeeper: a JDK $JAVA_WANTED or newer is needed.${others:+ Found only:$others.}"
  say "Install one and try again:"
  say "  Debian 13, Ubuntu 25.10 and newer:  apt-get install openjdk-25-jdk-headless"
  say "  Fedora:                             dnf install java-25-openjdk-devel"
  say "  macOS:                              brew install openjdk"
  say "  anywhere:  unpack https://adoptium.net/temurin/releases/?version=25 in /opt, or set JAVA_HOME"
  exit 2
}

can_apt() { [ "$(id -u)" = 0 ] && [ -r /etc/debian_version ] && command -v apt-get >/dev/null; }

# Installs Debian packages without letting any of them start a service, now or at the next boot.
# Returns 1 when that fails; what apt-get said is on stderr then.
apt_install() {
  say "Installing $* (apt-get)"
  local policy=/usr/sbin/policy-rc.d log program new_services=""
  log=$(mktemp)
  for program in named knotd pdns_server containerd; do
    command -v "$program" >/dev/null || new_services="$new_services $program"
  done
  if ! (
    if [ ! -e "$policy" ]; then
      trap 'rm -f "$policy"' EXIT
      trap 'exit 130' INT TERM HUP
      printf '#!/bin/sh\n# Put here by Zonekeeper for the time of one installation.\nexit 101\n' >"$policy"
      chmod 755 "$policy"
    elif "$policy" named start; then
      printf '%s lets services start; install these yourself: %s\n' "$policy" "$*"
      exit 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    [ -n "${apt_updated:-}" ] || apt-get update
    apt-get install -y --no-install-recommends "$@"
  ) >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    return 1
  fi
  apt_updated=yes
  rm -f "$log"
  hash -r
  if [ -d /run/systemd/system ]; then
    new_services=${new_services/knotd/knot}
    for program in ${new_services/pdns_server/pdns}; do
      systemctl disable --quiet "$program.service" 2>/dev/null || true
    done
  fi
}

# The Debian package that a program is in.
package_of() {
  case $1 in
    named) echo bind9 ;;
    named-check* | rndc | tsig-keygen) echo bind9-utils ;;
    dig | nsupdate) echo bind9-dnsutils ;;
    mvn) echo maven ;;
    kdig | knsupdate) echo knot-dnsutils ;;
    knotd) echo knot ;;
    pdns_server | pdnsutil) echo pdns-server ;;
    ctr) echo containerd ;;
    kubectl) echo kubernetes-client ;;
    /usr/lib/cni/*) echo containernetworking-plugins ;;
    nft) echo nftables ;;
    ip) echo iproute2 ;;
    sysctl) echo procps ;;
    flock) echo util-linux ;;
    objcopy) echo binutils ;;
    *) echo "$1" ;;
  esac
}

# Which of these programs are not there; and their packages.
missing_programs() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || printf '%s\n' "$program"
  done
}

packages_of() {
  local program
  for program in "$@"; do package_of "$program"; done | sort -u
}

# Makes sure that these programs are there.
need_programs() {
  local missing packages
  # shellcheck disable=SC2207 # one word per program
  missing=($(missing_programs "$@"))
  [ ${#missing[@]} -gt 0 ] || return 0
  # shellcheck disable=SC2207 # one word per package
  packages=($(packages_of "${missing[@]}"))
  if can_apt; then
    apt_install "${packages[@]}" || die "could not be installed: ${packages[*]}"
    # shellcheck disable=SC2207 # one word per program
    missing=($(missing_programs "$@"))
    [ ${#missing[@]} -gt 0 ] || return 0
    die "still missing after installing ${packages[*]}: ${missing[*]}"
  fi
  say "zonekeeper: not installed: ${missing[*]}"
  say "Install them and try again:"
  say "  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install ${packages[*]}"
  say "  Fedora:          sudo dnf install bind bind-utils maven"
  say "  macOS:           brew install bind maven"
  exit 2
}

# Maven with the JDK that was found; its own libraries' warnings about that JDK are not for our users.
maven() {
  MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED" \
    mvn --batch-mode --no-transfer-progress -Dstyle.color=never "$@"
}
