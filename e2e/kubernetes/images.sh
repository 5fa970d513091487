# shellcheck shell=bash
# Images: the one that holds a pod's namespaces, made here, and those that tests bring.
# Sourced by ../cluster, which sets cache and state.

# It has BusyBox's programs, too, so that pods for small experiments can use it.
readonly pause_image=docker.io/zonekeeper/pause:test

# make_pause_image TAR
make_pause_image() {
  local root=$state/pause applet
  mkdir -p "$root/bin" "$root/tmp" "$root/etc"
  chmod 1777 "$root/tmp"
  cp "$(program busybox)" "$root/bin/busybox"
  for applet in $("$root/bin/busybox" --list); do
    [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"
  done
  docker_archive "$root" "${pause_image#docker.io/}" '["/bin/sleep", "2147483647"]' "$1"
  rm -rf "$root"
}

# docker_archive FOLDER NAME COMMAND-AS-JSON TAR: an image of one layer, as docker save writes it.
docker_archive() {
  local work digest
  work=$(mktemp -d "$state/archive.XXXXXX")
  tar --create --numeric-owner --owner 0 --group 0 --directory "$1" --file "$work/layer.tar" .
  digest=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
  cat >"$work/config.json" <<END
{"architecture": "$(dpkg --print-architecture)", "os": "linux",
 "config": {"Cmd": $3, "Env": ["PATH=/bin"]},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$digest"]}}
END
  printf '[{"Config": "config.json", "RepoTags": ["%s"], "Layers": ["layer.tar"]}]\n' "$2" >"$work/manifest.json"
  tar --create --directory "$work" --file "$4" manifest.json config.json layer.tar
  rm -rf "$work"
}

# Puts an image, as docker save writes it, on every node.
load_image() {
  local node
  for node in $nodes; do
    ! frozen "$node" || die "node-$node is frozen; thaw it first"
    ctr --address "$state/$node/containerd.sock" --namespace k8s.io images import "$1" >>"$state/log/images.log" 2>&1 ||
      die "node-$node does not take $1: $(tail -n 1 "$state/log/images.log")"
    say "node-$node has the image in $1"
  done
}

# Another name for an image that every node has: tag_image OLD NEW
tag_image() {
  local node
  for node in $nodes; do
    ctr --address "$state/$node/containerd.sock" --namespace k8s.io images tag --force \
      "docker.io/library/$1" "docker.io/library/$2" >>"$state/log/images.log" 2>&1 ||
      die "node-$node has no image $1: $(tail -n 1 "$state/log/images.log")"
  done
}
