package dev.zonekeeper.e2e;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Gives tests the one Kubernetes, and the one release on it; what is left goes with the run. */
final class KubernetesExtension implements BeforeAllCallback {
  private static final Namespace NAMESPACE = Namespace.create(KubernetesExtension.class);

  private Holder holder = new Holder();

  /** The cluster of the tests, installed and whole. */
  KubernetesRelease release() {
    holder.release.install();
    return holder.release;
  }

  /** Kubernetes with the image, and whatever of the release is there. */
  KubernetesRelease cluster() {
    return holder.release;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    holder =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .getOrComputeIfAbsent("release", key -> new Holder(), Holder.class);
    if (holder.release == null) {
      holder.release = KubernetesRelease.start();
    }
  }

  private static final class Holder implements AutoCloseable {
    private KubernetesRelease release;

    @Override
    public void close() {
      if (release != null) {
        release.close();
      }
    }
  }
}
