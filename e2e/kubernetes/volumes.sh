# shellcheck shell=bash
# Volumes for PersistentVolumeClaims: folders on the nodes, made beforehand, emptied when they are
# given back.
# Sourced by ../cluster.

readonly volumes_per_node=12

make_volumes() {
  local node number
  {
    write_storage_class
    for node in $nodes; do
      for number in $(seq -w "$volumes_per_node"); do
        mkdir -p "$state/volumes/$node-$number"
        write_volume "$node" "$number"
      done
    done
  } | kube apply --filename - >"$state/log/volumes.log" 2>&1
  start volumes control bash "$here/kubernetes/give-back-volumes" "$(program kubectl)" "$admin" "$state/volumes"
}

write_storage_class() {
  cat <<END
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: local
  annotations:
    storageclass.kubernetes.io/is-default-class: "true"
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
END
}

# write_volume NODE NUMBER: a folder that pods on that node can have.
write_volume() {
  cat <<END
---
apiVersion: v1
kind: PersistentVolume
metadata:
  name: $1-$2
spec:
  storageClassName: local
  capacity: {storage: 1Gi}
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
