# shellcheck shell=bash
# Kubernetes' programs: taken from KUBEBUILDER_ASSETS, or built once from Debian's source package.
# Sourced by ../cluster, which sets cache and bin.

readonly kubernetes_version=1.20.2
readonly kubernetes_suite=bookworm
readonly kubernetes_built="kube-apiserver kubectl kube-controller-manager kube-scheduler kubelet
  kube-proxy"

# The path of one of Kubernetes' programs, of etcd, kubectl or busybox.
program() {
  if [ -n "${KUBEBUILDER_ASSETS:-}" ] && [ -x "$KUBEBUILDER_ASSETS/$1" ]; then
    printf '%s\n' "$KUBEBUILDER_ASSETS/$1"
  else
    printf '%s\n' "$bin/$1"
  fi
}

# Which of these programs are in neither folder.
missing_binaries() {
  local name
  for name in "$@"; do
    [ -x "$(program "$name")" ] || printf '%s\n' "$name"
  done
}

# Makes sure that all of Kubernetes' programs are there.
need_binaries() {
  local missing
  # shellcheck disable=SC2086 # one word per program
  missing=$(missing_binaries $kubernetes_built)
  [ -z "$missing" ] || build_binaries
  need_unpacked etcd etcd-server
  need_unpacked busybox busybox-static
  # shellcheck disable=SC2086 # one word per program
  missing=$(missing_binaries $kubernetes_built etcd busybox)
  [ -z "$missing" ] || die "not there after all: $missing; see $cache"
}

# need_unpacked PROGRAM PACKAGE: a program that Debian has in a package. The package is only unpacked:
# installed, it could start a service, or stand in the way of another busybox.
need_unpacked() {
  local work
  [ -n "$(missing_binaries "$1")" ] || return 0
  mkdir -p "$bin"
  work=$(mktemp -d "$cache/unpack.XXXXXX")
  if ! fetch_package "$work" "$2" >"$work/log" 2>&1; then
    say "$2 could not be fetched:" "$(tail -n 5 "$work/log")"
    rm -rf "$work"
    exit 2
  fi
  mv "$(find "$work" -type f -path "*bin/$1")" "$bin/$1"
  rm -rf "$work"
}

# fetch_package FOLDER PACKAGE: with lists that may be too old for the mirror, or with new ones.
fetch_package() {
  (
    cd "$1" &&
      { apt-get download "$2" || { apt-get update && apt-get download "$2"; }; } &&
      dpkg-deb --extract ./*.deb .
  )
}

# Builds what is missing, one build at a time: who comes second waits, and finds everything there.
build_binaries() {
  mkdir -p "$bin"
  (
    flock 8
    # shellcheck disable=SC2046,SC2086 # one word per program
    set -- $(missing_binaries $kubernetes_built)
    [ $# -gt 0 ] || exit 0
    say "Building Kubernetes $kubernetes_version, once, for $bin: some 5 minutes"
    need_go
    work=$(mktemp -d "$cache/build.XXXXXX")
    trap 'clean_build $?' EXIT
    trap 'exit 130' INT TERM HUP
    compile "$work" "$@" >"$cache/build.log" 2>&1
  ) 8>"$cache/build.lock"
}

# clean_build STATUS: the sources go, the programs that were finished stay.
clean_build() {
  chmod -R u+w "$work"
  rm -rf "$work"
  [ "$1" = 0 ] || say "Kubernetes could not be built, see $cache/build.log:" "$(tail -n 5 "$cache/build.log")"
}

# The compiler that this Kubernetes was made for (a newer one refuses some of its libraries), and
# what unpacks a source package.
need_go() {
  local packages=()
  [ -x /usr/lib/go-1.19/bin/go ] || packages+=(golang-1.19-go)
  command -v dpkg-source >/dev/null || packages+=(dpkg-dev)
  [ ${#packages[@]} -gt 0 ] || return 0
  can_apt || die "Kubernetes can only be built as root on Debian; see KUBECONFIG and KUBEBUILDER_ASSETS"
  apt_install "${packages[@]}" || die "could not be installed: ${packages[*]}"
}

# compile FOLDER PROGRAM...: from the source package to $bin, in an empty folder.
compile() {
  local work=$1 source=$1/go/src/k8s.io/kubernetes
  shift
  mkdir -p "$work/go/src/k8s.io"
  download_source "$work"
  dpkg-source --no-check --extract "$work"/kubernetes_*.dsc "$source"
  cd "$source"
  export GOPATH=$work/go GOCACHE=$work/cache GO111MODULE=off CGO_ENABLED=0 GOFLAGS=-trimpath
  export PATH="/usr/lib/go-1.19/bin:$PATH"
  replace_reflect2 "$work"
  generate_openapi
  # The first is what programs print, the second what the API server tells its clients.
  local name package flags="-s -w"
  for package in component-base/version client-go/pkg/version; do
    package=k8s.io/kubernetes/vendor/k8s.io/$package
    flags="$flags -X $package.gitVersion=v$kubernetes_version -X $package.gitMajor=1 -X $package.gitMinor=20"
  done
  for name in "$@"; do
    go build -o "$work/$name" -ldflags "$flags" "./cmd/$name"
    mv "$work/$name" "$bin/$name"
  done
}

# Fetches the source package and checks its signature, with lists of our own: what apt knows of this
# machine stays as it is.
download_source() {
  local work=$1
  local options=(-o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$work/lists" -o APT::Sandbox::User=root)
  mkdir -p "$work/lists/partial"
  printf 'deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
    "$(debian_mirror)" "$kubernetes_suite" >"$work/sources.list"
  apt-get "${options[@]}" update
  (cd "$work" && apt-get "${options[@]}" --download-only source kubernetes)
}

# The mirror that this machine installs Debian from.
debian_mirror() {
  local mirror
  # shellcheck disable=SC2016 # apt's variables
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
    "Codename: $kubernetes_suite" | sort -u | head -n 1)
  printf '%s\n' "${mirror:-http://deb.debian.org/debian}"
}

# The reflect2 in Kubernetes' source knows the maps of Go up to 1.17 only: made by a newer compiler, the
# API server crashes when it writes JSON, now and then. Debian has one that knows them.
replace_reflect2() {
  local library=github.com/modern-go/reflect2
  fetch_package "$1" golang-github-modern-go-reflect2-dev
  rm -r "vendor/$library"
  cp -r "$1/usr/share/gocode/src/$library" "vendor/$library"
}

# Debian's package leaves out one generated file that the API server needs: make it, from all types
# that are marked for it.
generate_openapi() {
  local types
  go build -o "$GOPATH/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  types=$(grep -rlE --include='*.go' '^// \+k8s:openapi-gen=' pkg staging/src/k8s.io |
    grep -vE '/(sample-[a-z-]*|code-generator)/' | xargs -n 1 dirname | sort -u |
    sed -e 's,^staging/src,vendor,' -e 's,^,k8s.io/kubernetes/,' | paste -sd, -)
  "$GOPATH/openapi-gen" --go-header-file hack/boilerplate/boilerplate.generatego.txt \
    --input-dirs "$types" --output-package k8s.io/kubernetes/pkg/generated/openapi \
    --output-file-base zz_generated.openapi --report-filename "$GOPATH/violations"
}
