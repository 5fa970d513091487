# shellcheck shell=bash
# The cluster's processes: started in a cgroup, found again by it, and stopped with it.
# Sourced by ../cluster.

readonly cgroups=/sys/fs/cgroup
readonly freezer=$cgroups/freezer/zonekeeper

process_names() {
  local node
  echo etcd apiserver controller-manager scheduler proxy volumes
  for node in $nodes; do echo "containerd-$node" "kubelet-$node"; done
}

# start NAME CGROUP COMMAND...: its output goes to the log of that name.
start() {
  local name=$1 group=$freezer/$2
  shift 2
  (
    echo "$BASHPID" >"$group/cgroup.procs"
    exec setsid "$@"
  ) >>"$state/log/$name.log" 2>&1 </dev/null 9>&- &
  echo $! >"$state/$name.pid"
}

# Whether the process of that name runs. A number that the system gave to somebody else does not count.
running() {
  local pid
  [ -r "$state/$1.pid" ] && pid=$(cat "$state/$1.pid") && [ -n "$pid" ] &&
    grep -q ':freezer:/zonekeeper/' "/proc/$pid/cgroup" 2>/dev/null &&
    ! grep -q '^State:.*zombie' "/proc/$pid/status" 2>/dev/null
}

# wait_until SECONDS CONDITION...: whether it came true in that time.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.2
  done
}

# The cgroups of the control plane and of each node, in every hierarchy. A node's pods go below it.
make_cgroups() {
  local hierarchy group file
  for hierarchy in $(findmnt -t cgroup -no TARGET); do
    for group in zonekeeper zonekeeper/control zonekeeper/a zonekeeper/b; do
      mkdir -p "$hierarchy/$group"
      for file in cpuset.cpus cpuset.mems; do
        [ ! -e "$hierarchy/$file" ] || cat "$hierarchy/$file" >"$hierarchy/$group/$file"
      done
    done
  done
  mkdir -p "$freezer/a/system" "$freezer/b/system"
}

# The kubelet makes some in the second version's hierarchy, too, where that is there.
remove_cgroups() {
  local hierarchy
  for hierarchy in $(findmnt -t cgroup,cgroup2 -no TARGET); do
    [ ! -d "$hierarchy/zonekeeper" ] || wait_until 10 remove_cgroup "$hierarchy/zonekeeper" ||
      say "cgroups are left in $hierarchy/zonekeeper"
  done
}

# A cgroup goes only when the last process in it has gone.
remove_cgroup() {
  find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
  [ ! -d "$1" ]
}

# All processes of the cluster, pods included.
our_processes() {
  [ ! -d "$freezer" ] || processes_in ""
}

# All processes of a node, or below another of our cgroups.
processes_in() { find "$freezer/$1" -name cgroup.procs -exec cat {} + 2>/dev/null; }

kill_everything() {
  [ -d "$freezer" ] || return 0
  local node
  for node in $nodes; do thaw "$node"; done
  wait_until 30 none_left || die "processes that do not end: $(our_processes | paste -sd' ' -)"
}

none_left() {
  local processes
  processes=$(our_processes)
  [ -n "$processes" ] || return 0
  # shellcheck disable=SC2086 # one word per process
  kill -KILL $processes 2>/dev/null || true
  return 1
}
