package dev.zonekeeper.e2e;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Gives each test the one release on Kubernetes, whole; what is left of it goes with the run. */
final class KubernetesExtension implements BeforeAllCallback, BeforeEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(KubernetesExtension.class);

  private Holder holder = new Holder();

  KubernetesRelease release() {
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
      holder.release = KubernetesRelease.install();
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    holder.release.awaitWhole();
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
