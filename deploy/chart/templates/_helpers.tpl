{{/* The cluster's name. */}}
{{- define "zonekeeper.cluster" -}}
{{ .Values.clusterName | default .Release.Name }}
{{- end }}

{{/* What pods are selected by; never changes, because selectors cannot. */}}
{{- define "zonekeeper.selector" -}}
app.kubernetes.io/name: zonekeeper
app.kubernetes.io/instance: {{ include "zonekeeper.cluster" . }}
zonekeeper.dev/cluster: {{ include "zonekeeper.cluster" . }}
{{- end }}

{{/* Labels of all objects but pods: the version in a pod's labels would restart it. */}}
{{- define "zonekeeper.labels" -}}
{{ include "zonekeeper.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | quote }}
{{- end }}

{{- define "zonekeeper.image" -}}
{{- $repository := required "image.repository: expected where your registry has the image, such as registry.example.com/dns/zonekeeper" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{ $repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ $repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- define "zonekeeper.serviceAccount" -}}
{{ .Values.serviceAccount.existing | default (include "zonekeeper.cluster" .) }}
{{- end }}

{{- define "zonekeeper.keysSecret" -}}
{{ .Values.keys.existingSecret | default (printf "%s-keys" (include "zonekeeper.cluster" .)) }}
{{- end }}

{{- define "zonekeeper.clusterKeySecret" -}}
{{ .Values.clusterKey.existingSecret | default (printf "%s-cluster-key" (include "zonekeeper.cluster" .)) }}
{{- end }}

{{/* The key of the ConfigMap that a zone's seed has; RFC 2317 puts slashes into names. */}}
{{- define "zonekeeper.seedKey" -}}
{{ . | replace "/" "_" }}.zone
{{- end }}

{{/* "yes" when the API server is of that version or newer, for what it does not tell in another way. */}}
{{- define "zonekeeper.since" -}}
{{- if semverCompare (printf ">=%s-0" .version) .root.Capabilities.KubeVersion.Version }}yes{{ end -}}
{{- end }}

{{/* "yes" when UDP and TCP of the load balancer of Service .name need a Service each. */}}
{{- define "zonekeeper.split" -}}
{{- if eq .service.type "LoadBalancer" -}}
  {{- if eq .service.protocols "split" -}}
yes
  {{- else if eq .service.protocols "auto" -}}
    {{- $old := not (include "zonekeeper.since" (dict "root" .root "version" "1.24")) -}}
    {{- if or $old (lookup "v1" "Service" .root.Release.Namespace (printf "%s-udp" .name)) -}}
yes
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- end }}

{{/* A statement of a TSIG key in BIND's syntax. */}}
{{- define "zonekeeper.key" -}}
key "{{ .name }}" {
	algorithm hmac-sha256;
	secret "{{ .secret }}";
};
{{ end }}

{{/* What a schema cannot compare. Each message begins with the value it is about. */}}
{{- define "zonekeeper.check" -}}
{{- $cluster := include "zonekeeper.cluster" . -}}
{{- if not (regexMatch "^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$" $cluster) -}}
{{- fail (printf "clusterName: expected at most 42 lower-case letters, digits and hyphens that begin with a letter, found %q; without clusterName it is the release's name" $cluster) -}}
{{- end -}}
{{- $primaries := int .Values.primaries.replicas -}}
{{- if gt (int .Values.minInSync) $primaries -}}
{{- fail (printf "minInSync: expected 1 to %d, the number of primaries (primaries.replicas), found %d" $primaries (int .Values.minInSync)) -}}
{{- end -}}
{{- $zones := dict -}}
{{- $seeds := dict -}}
{{- range .Values.zones -}}
{{- if hasKey $zones .name -}}
{{- fail (printf "zones: %s is there twice" .name) -}}
{{- end -}}
{{- $_ := set $zones .name true -}}
{{- $seed := include "zonekeeper.seedKey" .name -}}
{{- if hasKey $seeds $seed -}}
{{- fail (printf "zones: %s and another zone would both have the seed %s" .name $seed) -}}
{{- end -}}
{{- $_ := set $seeds $seed true -}}
{{- end -}}
{{- $heap := add 96 (div (len .Values.zones) 64) -}}
{{- if lt (int .Values.heapMiB) (int $heap) -}}
{{- fail (printf "heapMiB: expected at least %d for %d zones, found %d" $heap (len .Values.zones) (int .Values.heapMiB)) -}}
{{- end -}}
{{- $keys := dict -}}
{{- range $key := .Values.keys.clients -}}
{{- if hasKey $keys $key.name -}}
{{- fail (printf "keys.clients: %s is there twice" $key.name) -}}
{{- end -}}
{{- $_ := set $keys $key.name true -}}
{{- range $key.grants -}}
{{- if not (hasKey $zones .zone) -}}
{{- fail (printf "keys.clients: %s is granted zone %s, which is not among the zones" $key.name .zone) -}}
{{- end -}}
{{- end -}}
{{- if and $key.secret $.Values.keys.existingSecret -}}
{{- fail (printf "keys.clients: %s has a secret here, but keys.existingSecret says that it is in %s" $key.name $.Values.keys.existingSecret) -}}
{{- end -}}
{{- end -}}
{{- $timing := .Values.timing -}}
{{- $lease := int (default 5000 $timing.leaseMillis) -}}
{{- $renew := int (default 1000 $timing.renewMillis) -}}
{{- if ge $renew $lease -}}
{{- fail (printf "timing.renewMillis: expected less than timing.leaseMillis, which is %d, found %d" $lease $renew) -}}
{{- end -}}
{{- $silence := mul (default 250 $timing.heartbeatMillis) (default 3 $timing.heartbeatsMissed) -}}
{{- if gt (int $silence) $lease -}}
{{- fail (printf "timing.heartbeatMillis: expected that heartbeatMillis x heartbeatsMissed is at most leaseMillis, which is %d, found %d" $lease (int $silence)) -}}
{{- end -}}
{{- $grace := add .Values.stopDelaySeconds 17 -}}
{{- if lt (int .Values.terminationGracePeriodSeconds) (int $grace) -}}
{{- fail (printf "terminationGracePeriodSeconds: expected at least %d, stopDelaySeconds and 17 to stop in order, found %d" $grace (int .Values.terminationGracePeriodSeconds)) -}}
{{- end -}}
{{- range $name := list "rw" "ro" -}}
{{- $service := index $.Values $name -}}
{{- if include "zonekeeper.split" (dict "root" $ "service" $service "name" (printf "%s-%s" $cluster $name)) -}}
{{- if and $service.openstack.enabled (not $service.openstack.loadBalancerId) -}}
{{- fail (printf "%s.openstack.loadBalancerId: expected the id of a load balancer, because UDP and TCP need a Service each here (%s.protocols) and share it" $name $name) -}}
{{- else if not (or $service.openstack.enabled $service.loadBalancerIP $service.annotations) -}}
{{- fail (printf "%s.loadBalancerIP: expected an address, or %s.annotations that give one, because UDP and TCP need a Service each here (%s.protocols) and share it" $name $name $name) -}}
{{- end -}}
{{- end -}}
{{- if and $service.openstack.enabled (le (int $service.openstack.healthMonitor.delay) (int $service.openstack.healthMonitor.timeout)) -}}
{{- fail (printf "%s.openstack.healthMonitor.timeout: expected less than the delay, which is %d, found %d" $name (int $service.openstack.healthMonitor.delay) (int $service.openstack.healthMonitor.timeout)) -}}
{{- end -}}
{{- if and $service.nodePort (eq $service.type "ClusterIP") -}}
{{- fail (printf "%s.nodePort: expected nothing, or %s.type NodePort or LoadBalancer" $name $name) -}}
{{- end -}}
{{- end -}}
{{- end }}
