# shellcheck shell=bash
# The two nodes: a containerd and a kubelet each, in a mount namespace and a cgroup of their own.
# Sourced by ../cluster.

# Folders whose names are fixed in containerd, the kubelet or the CNI plugins. In its mount namespace
# each node sees an empty one of its own.
readonly fixed_folders="/run/netns /run/containerd /var/lib/cni /var/lib/kubelet /var/log/pods
  /var/log/containers"

start_nodes() {
  local node
  make_mount_points
  make_pause_image "$state/pause.tar"
  for node in $nodes; do start_containerd "$node"; done
  for node in $nodes; do
    wait_until 20 containerd_answers "$node" || die "the containerd of node-$node does not answer"
  done
  load_image "$state/pause.tar" 2>/dev/null
  for node in $nodes; do start_kubelet "$node"; done
}

# Mount points must be there outside, too. Those that we make are written down, to be removed.
make_mount_points() {
  local folder
  for folder in $fixed_folders; do
    if [ ! -d "$folder" ]; then
      mkdir -p "$folder"
      echo "$folder" >>"$state/mount-points"
    fi
  done
}

remove_mount_points() {
  local folder
  [ -r "$state/mount-points" ] || return 0
  while IFS= read -r folder; do
    rmdir "$folder" 2>/dev/null || true
  done <"$state/mount-points"
}

start_containerd() {
  local home=$state/$1
  mkdir -p "$home/cni"
  write_containerd_config "$home" >"$home/containerd.toml"
  write_cni_config "$1" >"$home/cni/10-pods.conflist"
  # shellcheck disable=SC2016,SC2086 # the inner shell's words
  start "containerd-$1" "$1/system" unshare --mount --propagation private sh -ec '
    config=$1
    shift
    for folder; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
    exec containerd --config "$config"' sh "$home/containerd.toml" $fixed_folders
}

containerd_answers() { ctr --address "$state/$1/containerd.sock" version >/dev/null 2>&1; }

# restrict_oom_score_adj: without CAP_SYS_RESOURCE nobody may lower a process's score.
write_containerd_config() {
  cat <<END
version = 2
root = "$1/containerd"
state = "$1/containerd-state"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs"]
oom_score = 0

[grpc]
address = "$1/containerd.sock"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "$pause_image"
restrict_oom_score_adj = true

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "$1/cni"
END
}

# Every pod has a link of its own to the machine, which routes between them. So each packet passes
# the packet filter, where Services are made, whichever node its pods are on.
write_cni_config() {
  cat <<END
{
  "cniVersion": "0.4.0",
  "name": "pods",
  "plugins": [
    {
      "type": "ptp",
      "ipam": {
        "type": "host-local",
        "dataDir": "$state/$1/cni/leases",
        "ranges": [[{"subnet": "$(pod_subnet "$1")"}]],
        "routes": [{"dst": "0.0.0.0/0"}]
      }
    }
  ]
}
END
}

start_kubelet() {
  local home=$state/$1 containerd
  containerd=$(cat "$state/containerd-$1.pid")
  write_kubelet_config "$1" >"$home/kubelet.yaml"
  start "kubelet-$1" "$1/system" nsenter --mount="/proc/$containerd/ns/mnt" \
    "$(program kubelet)" --config "$home/kubelet.yaml" --root-dir "$home/kubelet" \
    --cert-dir "$home/kubelet/pki" --kubeconfig "$state/keys/kubelet-$1.kubeconfig" \
    --hostname-override "node-$1" --node-ip "$(node_address "$1")" \
    --node-labels "topology.kubernetes.io/region=here,topology.kubernetes.io/zone=$1" \
    --container-runtime remote --container-runtime-endpoint "unix://$home/containerd.sock"
}

# syncFrequency: how late a changed ConfigMap reaches the pods; a minute by default.
# Nothing is evicted or collected as garbage: the disk is the developer's, and no registry would give
# an image back.
write_kubelet_config() {
  cat <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $(node_address "$1")
healthzBindAddress: $(node_address "$1")
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: "$state/keys/ca.crt"}
authorization: {mode: Webhook}
cgroupDriver: cgroupfs
cgroupRoot: /zonekeeper/$1
enforceNodeAllocatable: [pods]
evictionHard:
  memory.available: 10Mi
  nodefs.available: 0%
  nodefs.inodesFree: 0%
  imagefs.available: 0%
imageGCHighThresholdPercent: 100
failSwapOn: false
maxPods: 100
nodeStatusUpdateFrequency: 4s
syncFrequency: 10s
nodeLeaseDurationSeconds: 16
volumePluginDir: $state/$1/plugins
END
}

nodes_are_ready() {
  [ "$(kube --request-timeout 5s get nodes --no-headers 2>/dev/null | awk '$2 == "Ready"' | wc -l)" = 2 ]
}

kubelet_answers() { (: <"/dev/tcp/$(node_address "$1")/10248") 2>/dev/null; }

node_is_ready() {
  kube --request-timeout 5s get "node/node-$1" --no-headers 2>/dev/null | awk '{ exit $2 != "Ready" }'
}

# The letter of a node: "a" for node-a.
node_of() {
  case ${1:-} in
    node-a | node-b) printf '%s\n' "${1#node-}" ;;
    *) die "a node is wanted, node-a or node-b" ;;
  esac
}

# Everything on a node stops where it is, and stays: kubelet, containerd and all pods. The kernel still
# answers for them, as it does for a program that hangs.
freeze() {
  echo FROZEN >"$freezer/$1/freezer.state"
  wait_until 10 frozen "$1" || die "node-$1 does not freeze"
}

thaw() {
  [ ! -d "$freezer/$1" ] || echo THAWED >"$freezer/$1/freezer.state"
}

frozen() { [ "$(cat "$freezer/$1/freezer.state" 2>/dev/null)" = FROZEN ]; }

is_on() { [ -n "$(processes_in "$1")" ]; }

# As a machine's init ends what runs: nobody waits for anybody, the pods' processes included, and after a while
# they are killed. What the kubelet would do with its shutdownGracePeriod, which needs systemd, is not done.
shutdown() {
  # shellcheck disable=SC2046 # one word per process
  kill -TERM $(processes_in "$1") 2>/dev/null || true
  wait_until 10 node_is_off "$1" || wait_until 30 kill_node "$1" ||
    die "node-$1: processes that do not end: $(processes_in "$1" | paste -sd' ' -)"
}

node_is_off() { ! is_on "$1"; }

kill_node() {
  # shellcheck disable=SC2046 # one word per process
  kill -KILL $(processes_in "$1") 2>/dev/null || true
  node_is_off "$1"
}

# What was in memory is lost: the mounts, and what containerd notes of containers that run.
boot() {
  rm -rf "${state:?}/$1/containerd-state"
  start_containerd "$1"
  wait_until 20 containerd_answers "$1" || die "the containerd of node-$1 does not answer"
  start_kubelet "$1"
  wait_until 60 kubelet_answers "$1" && wait_until 60 node_is_ready "$1" ||
    die "node-$1 does not become ready"
}
