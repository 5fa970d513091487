# shellcheck shell=bash
# Addresses, packet filter and kernel settings: ours are added, and taken back to the last one.
# Sourced by ../cluster.

# 10.200.0.0/24: on lo, the control plane and the nodes. 10.201.0.0/16: pods, a /24 per node.
# 10.202.0.0/16: Services, the first of them the API server's.
readonly control_address=10.200.0.10
readonly pod_network=10.201.0.0/16
readonly service_network=10.202.0.0/16
readonly service_address=10.202.0.1

# What kubelet and kube-proxy change and never change back.
readonly kernel_settings="net.ipv4.ip_forward net.ipv4.conf.all.route_localnet
  net.bridge.bridge-nf-call-iptables vm.overcommit_memory vm.panic_on_oom kernel.panic
  kernel.panic_on_oops kernel.keys.root_maxkeys kernel.keys.root_maxbytes"

node_address() {
  case $1 in
    a) echo 10.200.0.1 ;;
    b) echo 10.200.0.2 ;;
  esac
}

pod_subnet() {
  case $1 in
    a) echo 10.201.1.0/24 ;;
    b) echo 10.201.2.0/24 ;;
  esac
}

all_addresses() {
  local node
  echo "$control_address"
  for node in $nodes; do node_address "$node"; done
}

make_network() {
  local address
  # shellcheck disable=SC2086 # one word per setting
  sysctl --ignore $kernel_settings >"$state/sysctl.conf" 2>/dev/null
  nft list tables >"$state/tables"
  for address in $(all_addresses); do ip address add "$address/32" dev lo; done
  sysctl -q -w net.ipv4.ip_forward=1
  # Where the packet filter drops by default, pods still reach each other and the API server.
  accept INPUT -s "$pod_network"
  accept FORWARD -s "$pod_network"
  accept FORWARD -d "$pod_network"
}

accept() { iptables --wait --insert "$@" -m comment --comment zonekeeper -j ACCEPT; }

remove_network() {
  local address command
  # A veth goes with its pod's namespace, which the kernel removes a moment after the last process.
  wait_until 10 no_pod_routes || say "routes to pods are left: $(ip route show root "$pod_network")"
  for address in $(all_addresses); do
    ip address delete "$address/32" dev lo 2>/dev/null || true
  done
  for command in iptables ip6tables; do remove_rules "$command"; done
  [ ! -r "$state/tables" ] || remove_empty_tables
  ! command -v conntrack >/dev/null || conntrack -D -r "$pod_network" >/dev/null 2>&1 || true
  [ ! -r "$state/sysctl.conf" ] || sysctl -q -p "$state/sysctl.conf"
}

no_pod_routes() { [ -z "$(ip route show root "$pod_network")" ]; }

# Takes away Kubernetes' chains, the rules that lead to them, and our own; nobody else's.
remove_rules() {
  command -v "$1-save" >/dev/null || return 0
  "$1-save" 2>/dev/null | awk '
    /^\*/ { print }
    /^:KUBE-/ { chains[++n] = substr($1, 2) }
    /^-A KUBE-/ { next }
    /^-A .*(-j KUBE-|--comment zonekeeper )/ { sub(/^-A/, "-D"); rules[++m] = $0 }
    /^COMMIT/ {
      for (i = 1; i <= m; i++) print rules[i]
      for (i = 1; i <= n; i++) print "-F " chains[i]
      for (i = 1; i <= n; i++) print "-X " chains[i]
      print
      n = m = 0
    }' | "$1-restore" --wait --noflush || say "$1: rules of Kubernetes are left"
}

# Tables that were not there before, when nobody put a rule in them meanwhile. Though empty, they would
# keep connection tracking on.
remove_empty_tables() {
  local family table
  { nft list tables | grep -vxFf "$state/tables" || true; } | while read -r _ family table; do
    case $table in
      filter | nat | mangle)
        nft list table "$family" "$table" |
          grep -qvE '^[[:space:]]*(table .*|chain .*|type .* policy accept;|\}|)$' ||
          nft delete table "$family" "$table"
        ;;
    esac
  done
}
