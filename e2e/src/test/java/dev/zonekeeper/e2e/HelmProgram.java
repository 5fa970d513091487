package dev.zonekeeper.e2e;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.UpgradeCommand;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of the {@code helm} command that our documents use, on Helm's own library: for machines
 * that have no {@code helm}.
 */
final class HelmProgram {
  private static final int WAIT_SECONDS = 420;

  private final Map<String, String> options = new HashMap<>();
  private final Deque<String> words = new ArrayDeque<>();

  private HelmProgram(List<String> arguments) {
    Deque<String> left = new ArrayDeque<>(arguments);
    while (!left.isEmpty()) {
      String word = left.pop();
      switch (word) {
        case "--namespace", "--values", "--set" -> options.put(word, left.pop());
        case "--install", "--create-namespace", "--wait" -> options.put(word, "");
        default -> {
          if (word.startsWith("-")) {
            throw new IllegalArgumentException("helm " + word + " is not used in our documents");
          }
          words.add(word);
        }
      }
    }
  }

  public static void main(String[] arguments) {
    new HelmProgram(Arrays.asList(arguments)).run();
  }

  private void run() {
    String verb = words.pop();
    String name = words.pop();
    Path kubeconfig = Path.of(System.getenv("KUBECONFIG"));
    switch (verb) {
      case "upgrade" -> upgrade(name, Path.of(words.pop()), kubeconfig);
      case "uninstall" ->
          System.out.println(
              Helm.uninstall(name)
                  .withNamespace(options.get("--namespace"))
                  .withKubeConfig(kubeconfig)
                  .call());
      default -> throw new IllegalArgumentException("helm " + verb);
    }
  }

  private void upgrade(String name, Path chart, Path kubeconfig) {
    UpgradeCommand upgrade = new Helm(chart).upgrade();
    upgrade
        .withName(name)
        .withNamespace(options.get("--namespace"))
        .withKubeConfig(kubeconfig)
        .withValuesFile(Path.of(options.get("--values")));
    if (options.containsKey("--install")) {
      upgrade.install();
    }
    if (options.containsKey("--create-namespace")) {
      upgrade.createNamespace();
    }
    if (options.containsKey("--wait")) {
      upgrade.waitReady().withTimeout(WAIT_SECONDS);
    }
    for (String pair : options.getOrDefault("--set", "").split(",", -1)) {
      if (!pair.isEmpty()) {
        String[] parts = pair.split("=", 2);
        upgrade.set(parts[0], parts[1]);
      }
    }
    System.out.println(upgrade.call().getStatus());
  }
}
