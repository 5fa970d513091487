/** A member's surroundings on Kubernetes: the lease, the cluster's pods, labels and events. */
package dev.zonekeeper.kubernetes;
