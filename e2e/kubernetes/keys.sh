# shellcheck shell=bash
# Who the cluster's programs are to each other: one CA, one certificate for the control plane, and a
# token for everybody who speaks to the API server. Keys are in files only we can read.
# Sourced by ../cluster.

make_keys() {
  local keys=$state/keys
  (
    umask 077
    mkdir -p "$keys"
    make_key "$keys/ca.key"
    openssl req -x509 -new -key "$keys/ca.key" -subj /CN=zonekeeper-test-ca -days 3650 -out "$keys/ca.crt"
    make_key "$keys/service-accounts.key"
    openssl pkey -in "$keys/service-accounts.key" -pubout -out "$keys/service-accounts.pub"
    make_control_plane_certificate "$keys"
    make_tokens "$keys"
  ) 2>"$state/log/keys.log"
}

make_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

# One certificate: the API server's and etcd's to their clients, and the API server's to etcd and the
# kubelets.
make_control_plane_certificate() {
  local keys=$1
  make_key "$keys/control-plane.key"
  openssl req -new -key "$keys/control-plane.key" -subj /O=system:masters/CN=kube-apiserver \
    -out "$keys/control-plane.csr"
  openssl x509 -req -in "$keys/control-plane.csr" -days 3650 -out "$keys/control-plane.crt" \
    -CA "$keys/ca.crt" -CAkey "$keys/ca.key" -CAcreateserial -extfile <(
      printf 'extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=%s,%s,%s\n' \
        "IP:$control_address,IP:$service_address" \
        DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc \
        DNS:kubernetes.default.svc.cluster.local
    )
}

# The API server's list of tokens, and a kubeconfig for each.
make_tokens() {
  local keys=$1 node
  make_token "$keys" admin system:masters "$admin"
  make_token "$keys" system:kube-controller-manager "" "$keys/controller-manager.kubeconfig"
  make_token "$keys" system:kube-scheduler "" "$keys/scheduler.kubeconfig"
  make_token "$keys" system:kube-proxy "" "$keys/proxy.kubeconfig"
  for node in $nodes; do
    make_token "$keys" "system:node:node-$node" system:nodes "$keys/kubelet-$node.kubeconfig"
  done
}

# make_token FOLDER USER GROUP KUBECONFIG
make_token() {
  local token
  token=$(openssl rand -hex 24)
  printf '%s,%s,%s,"%s"\n' "$token" "$2" "$2" "$3" >>"$1/tokens.csv"
  cat >"$4" <<END
apiVersion: v1
kind: Config
clusters:
- name: zonekeeper
  cluster:
    server: https://$control_address:6443
    certificate-authority-data: $(base64 -w 0 "$1/ca.crt")
users:
- name: $2
  user:
    token: $token
contexts:
- name: zonekeeper
  context:
    cluster: zonekeeper
    user: $2
current-context: zonekeeper
END
}
