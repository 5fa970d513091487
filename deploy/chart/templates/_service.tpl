{{/* The annotations that the OpenStack cloud controller reads; nothing where a value is empty. */}}
{{- define "zonekeeper.openstack" -}}
{{- $names := dict
  "internal" "service.beta.kubernetes.io/openstack-internal-load-balancer"
  "keepFloatingIP" "loadbalancer.openstack.org/keep-floatingip"
  "class" "loadbalancer.openstack.org/class"
  "floatingNetworkId" "loadbalancer.openstack.org/floating-network-id"
  "floatingSubnetId" "loadbalancer.openstack.org/floating-subnet-id"
  "networkId" "loadbalancer.openstack.org/network-id"
  "subnetId" "loadbalancer.openstack.org/subnet-id"
  "portId" "loadbalancer.openstack.org/port-id"
  "loadBalancerId" "loadbalancer.openstack.org/load-balancer-id"
  "flavorId" "loadbalancer.openstack.org/flavor-id"
  "availabilityZone" "loadbalancer.openstack.org/availability-zone"
  "timeoutClientData" "loadbalancer.openstack.org/timeout-client-data"
  "timeoutMemberData" "loadbalancer.openstack.org/timeout-member-data" -}}
{{- $annotations := dict "loadbalancer.openstack.org/proxy-protocol" "false" -}}
{{- range $value, $annotation := $names -}}
{{- $set := index $ $value -}}
{{- if kindIs "bool" $set -}}
{{- $_ := set $annotations $annotation (toString $set) -}}
{{- else if $set -}}
{{- $_ := set $annotations $annotation (kindIs "string" $set | ternary $set (toString (int $set))) -}}
{{- end -}}
{{- end -}}
{{- $_ := set $annotations "loadbalancer.openstack.org/enable-health-monitor" (toString .healthMonitor.enabled) -}}
{{- if .healthMonitor.enabled -}}
{{- $_ := set $annotations "loadbalancer.openstack.org/health-monitor-delay" (toString (int .healthMonitor.delay)) -}}
{{- $_ := set $annotations "loadbalancer.openstack.org/health-monitor-timeout" (toString (int .healthMonitor.timeout)) -}}
{{- $_ := set $annotations "loadbalancer.openstack.org/health-monitor-max-retries" (toString (int .healthMonitor.maxRetries)) -}}
{{- end -}}
{{- toYaml $annotations -}}
{{- end }}

{{/* One Service for clients: .name, .kind of its members, .service as in the values, .type, .protocols. */}}
{{- define "zonekeeper.service" -}}
{{- $balanced := eq .type "LoadBalancer" -}}
{{- $annotations := deepCopy .service.annotations -}}
{{- if and $balanced .service.openstack.enabled -}}
{{- $annotations = merge $annotations (include "zonekeeper.openstack" .service.openstack | fromYaml) -}}
{{- end -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "zonekeeper.labels" .root | nindent 4 }}
    zonekeeper.dev/kind: {{ .kind }}
  {{- with $annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ .type }}
  publishNotReadyAddresses: false
  selector:
    {{- include "zonekeeper.selector" .root | nindent 4 }}
    zonekeeper.dev/kind: {{ .kind }}
    {{- if eq (default "any" .service.endpoint) "leader" }}
    zonekeeper.dev/role: leader
    {{- end }}
  {{- if ne .type "ClusterIP" }}
  externalTrafficPolicy: {{ .service.externalTrafficPolicy }}
  {{- end }}
  {{- if $balanced }}
  {{- with .service.loadBalancerIP }}
  loadBalancerIP: {{ . }}
  {{- end }}
  {{- with .service.loadBalancerSourceRanges }}
  loadBalancerSourceRanges:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
  ports:
    {{- $service := .service }}
    {{- $type := .type }}
    {{- range .protocols }}
    - name: dns-{{ lower . }}
      port: 53
      protocol: {{ . }}
      targetPort: dns-{{ lower . }}
      {{- if and $service.nodePort (ne $type "ClusterIP") }}
      nodePort: {{ int $service.nodePort }}
      {{- end }}
    {{- end }}
{{- end }}
