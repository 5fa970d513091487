package dev.zonekeeper.kubernetes;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The requests about one Lease object.
 *
 * @param labels of the object when it is made
 */
record LeaseApi(Api api, String namespace, String name, Map<String, String> labels) {
  LeaseApi {
    labels = Map.copyOf(labels);
  }

  private Resource<Lease> resource() {
    return api.client().leases().inNamespace(namespace).withName(name);
  }

  /** The object as it is now, not as some cache has it. */
  Optional<Lease> get() throws IOException {
    return Optional.ofNullable(api.call("read lease " + name, () -> resource().get()));
  }

  /** An object of this name that is not there yet. */
  Lease blank() {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .withLabels(labels)
        .endMetadata()
        .build();
  }

  Lease create(Lease object) throws IOException {
    return api.call(
        "make lease " + name,
        () -> api.client().leases().inNamespace(namespace).resource(object).create());
  }

  /** Replaces the object of exactly this uid and resource version. */
  Lease replace(Lease object) throws IOException {
    return api.call(
        "write lease " + name,
        () -> api.client().leases().inNamespace(namespace).resource(object).update());
  }

  /** Tells of the object as it is, if it is there, and of each change. */
  Watch watch(Watcher<Lease> watcher) throws IOException {
    return api.call(
        "watch lease " + name, () -> resource().watch(new ListOptionsBuilder().build(), watcher));
  }
}
