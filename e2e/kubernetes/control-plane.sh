# shellcheck shell=bash
# etcd, the API server, the controllers, the scheduler and the proxy.
# Sourced by ../cluster.

start_control_plane() {
  start_etcd
  launch_apiserver
  wait_until 60 apiserver_answers || die "the API server does not answer"
  start_controllers
  start_scheduler
  start_proxy
}

# A crash of the machine may lose what tests wrote, so nothing waits for the disk.
start_etcd() {
  local keys=$state/keys url=https://$control_address:2379
  start etcd control "$(program etcd)" --data-dir "$state/etcd" --unsafe-no-fsync \
    --listen-client-urls "$url" --advertise-client-urls "$url" \
    --listen-peer-urls "https://$control_address:2380" \
    --initial-advertise-peer-urls "https://$control_address:2380" \
    --initial-cluster "default=https://$control_address:2380" \
    --cert-file "$keys/control-plane.crt" --key-file "$keys/control-plane.key" \
    --client-cert-auth --trusted-ca-file "$keys/ca.crt" \
    --peer-cert-file "$keys/control-plane.crt" --peer-key-file "$keys/control-plane.key" \
    --peer-client-cert-auth --peer-trusted-ca-file "$keys/ca.crt"
}

launch_apiserver() {
  local keys=$state/keys
  start apiserver control "$(program kube-apiserver)" \
    --bind-address "$control_address" --advertise-address "$control_address" --secure-port 6443 \
    --tls-cert-file "$keys/control-plane.crt" --tls-private-key-file "$keys/control-plane.key" \
    --etcd-servers "https://$control_address:2379" --etcd-cafile "$keys/ca.crt" \
    --etcd-certfile "$keys/control-plane.crt" --etcd-keyfile "$keys/control-plane.key" \
    --kubelet-client-certificate "$keys/control-plane.crt" \
    --kubelet-client-key "$keys/control-plane.key" --kubelet-preferred-address-types InternalIP \
    --token-auth-file "$keys/tokens.csv" --authorization-mode Node,RBAC --allow-privileged \
    --service-account-issuer https://kubernetes.default.svc \
    --service-account-key-file "$keys/service-accounts.pub" \
    --service-account-signing-key-file "$keys/service-accounts.key" \
    --service-cluster-ip-range "$service_network"
}

apiserver_answers() { kube --request-timeout 2s get --raw /readyz >/dev/null 2>&1; }

# A node counts as gone 20 s after it was last heard of, not 40 as is usual.
start_controllers() {
  local keys=$state/keys
  start controller-manager control "$(program kube-controller-manager)" \
    --kubeconfig "$keys/controller-manager.kubeconfig" --leader-elect=false \
    --bind-address "$control_address" --port 0 --cert-dir "$state/controller-manager" \
    --flex-volume-plugin-dir "$state/controller-manager/plugins" \
    --use-service-account-credentials --root-ca-file "$keys/ca.crt" \
    --service-account-private-key-file "$keys/service-accounts.key" \
    --node-monitor-grace-period 20s --node-monitor-period 2s
}

start_scheduler() {
  start scheduler control "$(program kube-scheduler)" \
    --kubeconfig "$state/keys/scheduler.kubeconfig" --leader-elect=false \
    --bind-address "$control_address" --port 0 --cert-dir "$state/scheduler"
}

# One proxy serves both nodes, for they share one packet filter. It leaves the limits of connection
# tracking as they are.
start_proxy() {
  start proxy control "$(program kube-proxy)" --kubeconfig "$state/keys/proxy.kubeconfig" \
    --hostname-override node-a --proxy-mode iptables --cluster-cidr "$pod_network" \
    --bind-address "$control_address" --nodeport-addresses 10.200.0.0/24 \
    --metrics-bind-address "$control_address:10249" --healthz-bind-address "$control_address:10256" \
    --conntrack-max-per-core 0 --conntrack-min 0 --conntrack-tcp-timeout-established 0s \
    --conntrack-tcp-timeout-close-wait 0s
}

kill_apiserver() {
  kill -KILL "$(cat "$state/apiserver.pid")"
  wait_until 10 not_running apiserver || die "the API server does not end"
  say "The API server is killed"
}

not_running() { ! running "$1"; }

start_apiserver() {
  if ! running apiserver; then
    running etcd || die "no cluster of ours runs; start it with: e2e/cluster up"
    launch_apiserver
  fi
  wait_until 60 apiserver_answers || die "the API server does not answer; see $state/log/apiserver.log"
  say "The API server answers"
}
