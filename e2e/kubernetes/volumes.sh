# shellcheck shell=bash
# Volumes for PersistentVolumeClaims: folders on the nodes, made beforehand, emptied when they are
# given back.
# Sourced by ../cluster.

readonly volumes_per_node=12

# From this one on they are of the class "fast", for who wants another one than the default, "local".
readonly first_fast=10

make_volumes() {
  local node number
  {
    write_storage_class local true
    write_storage_class fast false
    for node in $nodes; do
      for number in $(seq -w "$volumes_per_node"); do
        mkdir -p "$state/volumes/$node-$number"
        write_volume "$node" "$number"
      done
    done
  } | kube apply --filename - >"$state/log/volumes.log" 2>&1
  start volumes control bash "$here/kubernetes/give-back-volumes" "$(program kubectl)" "$admin" "$state/volumes"
}

# write_storage_class NAME DEFAULT: expansion is allowed, and nobody does it: the folders have no limit.
write_storage_class() {
  cat <<END
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: $1
  annotations:
    storageclass.kubernetes.io/is-default-class: "$2"
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
allowVolumeExpansion: true
END
}

# write_volume NODE NUMBER: a folder that pods on that node can have.
write_volume() {
  local class=local
  [ $((10#$2)) -lt $first_fast ] || class=fast
  cat <<END
---
apiVersion: v1
kind: PersistentVolume
metadata:
  name: $1-$2
spec:
  storageClassName: $class
  capacity: {storage: 10Gi}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  local: {path: $state/volumes/$1-$2}
  nodeAffinity:
    required:
      nodeSelectorTerms:
      - matchExpressions:
        - {key: kubernetes.io/hostname, operator: In, values: [node-$1]}
END
}
