import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Writes the image's bill of materials (CycloneDX, JSON): what Maven says of our jars, what dpkg says of
 * Debian's packages, and the Java runtime. Run as a source file with Jackson on the class path.
 *
 * <p>Arguments: the image's file system, the bill of materials of our jars, our version, the image's time in
 * seconds since 1970, the file to write. Fails if there is a jar in the image that Maven does not know.
 */
final class Sbom {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final ObjectNode bom;

  private Sbom(Path root, ObjectNode bom) {
    this.root = root;
    this.bom = bom;
  }

  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    Sbom sbom = new Sbom(root, (ObjectNode) JSON.readTree(Path.of(args[1]).toFile()));
    sbom.checkJars();
    sbom.subject(args[2], Instant.ofEpochSecond(Long.parseLong(args[3])));
    sbom.debian();
    sbom.java();
    sbom.write(Path.of(args[4]));
  }

  /** The image is what the bill is of; the program that Maven wrote it for becomes a part. */
  private void subject(String version, Instant created) {
    ObjectNode metadata = (ObjectNode) bom.get("metadata");
    JsonNode program = metadata.get("component");
    components().insert(0, program);
    metadata.put("timestamp", created.toString());
    metadata
        .putObject("component")
        .put("type", "container")
        .put("bom-ref", "image")
        .put("name", "zonekeeper")
        .put("version", version)
        .putArray("licenses")
        .addObject()
        .putObject("license")
        .put("id", "Apache-2.0");
  }

  private void checkJars() throws Exception {
    Set<String> known = new HashSet<>();
    for (JsonNode component : bom.get("components")) {
      for (JsonNode hash : component.path("hashes")) {
        known.add(hash.get("content").textValue());
      }
    }
    JsonNode program = bom.at("/metadata/component");
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(root.resolve("usr/lib/zonekeeper/lib"), "*.jar")) {
      for (Path jar : jars) {
        String digest = sha256(Files.readAllBytes(jar));
        boolean main =
            jar.getFileName()
                .toString()
                .equals(program.get("name").textValue() + "-" + program.get("version").textValue() + ".jar");
        if (main) {
          ((ObjectNode) program)
              .putArray("hashes")
              .addObject()
              .put("alg", "SHA-256")
              .put("content", digest);
        } else if (!known.contains(digest)) {
          throw new IllegalStateException(jar + " is not in Maven's bill of materials");
        }
      }
    }
  }

  private void debian() throws IOException {
    String release = Files.readString(root.resolve("etc/debian_version")).strip();
    components()
        .addObject()
        .put("type", "operating-system")
        .put("bom-ref", "debian")
        .put("name", "debian")
        .put("version", release);
    String status = Files.readString(root.resolve("var/lib/dpkg/status"));
    for (String paragraph : status.split("\n\n")) {
      Map<String, String> fields = fields(paragraph);
      if (!fields.getOrDefault("Status", "").equals("install ok installed")) {
        continue;
      }
      String name = fields.get("Package");
      String version = fields.get("Version");
      String purl =
          "pkg:deb/debian/%s@%s?arch=%s&distro=debian-%s"
              .formatted(
                  name.replace("+", "%2B"),
                  version.replace(":", "%3A").replace("+", "%2B"),
                  fields.get("Architecture"),
                  release);
      ObjectNode component =
          components()
              .addObject()
              .put("type", "library")
              .put("bom-ref", purl)
              .put("name", name)
              .put("version", version)
              .put("purl", purl);
      component.putObject("supplier").put("name", fields.getOrDefault("Maintainer", "Debian"));
      Set<String> licenses = licenses(name);
      if (!licenses.isEmpty()) {
        var list = component.putArray("licenses");
        licenses.forEach(license -> list.addObject().putObject("license").put("name", license));
      }
    }
  }

  private static Map<String, String> fields(String paragraph) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line : paragraph.split("\n")) {
      int colon = line.indexOf(": ");
      if (colon > 0 && !line.startsWith(" ")) {
        fields.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    return fields;
  }

  /** From debian/copyright, where it is of the form that programs can read (DEP-5); else nothing. */
  private Set<String> licenses(String name) throws IOException {
    Path file = root.resolve("usr/share/doc").resolve(name).resolve("copyright");
    if (!Files.isRegularFile(file)) {
      return Set.of();
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    if (!text.stripLeading().startsWith("Format:")) {
      return Set.of();
    }
    Set<String> licenses = new TreeSet<>();
    for (String line : text.split("\n")) {
      if (line.startsWith("License: ")) {
        licenses.add(line.substring("License: ".length()).strip());
      }
    }
    licenses.remove("");
    return licenses;
  }

  private void java() throws IOException {
    Properties release = new Properties();
    try (var in = Files.newBufferedReader(root.resolve("usr/lib/jvm/java/release"))) {
      release.load(in);
    }
    ObjectNode component =
        components()
            .addObject()
            .put("type", "platform")
            .put("bom-ref", "java")
            .put("name", "openjdk")
            .put("version", plain(release, "JAVA_RUNTIME_VERSION", plain(release, "JAVA_VERSION", "")));
    component.putObject("supplier").put("name", plain(release, "IMPLEMENTOR", "unknown"));
    component
        .putArray("licenses")
        .addObject()
        .put("expression", "GPL-2.0-only WITH Classpath-exception-2.0");
    component
        .putArray("properties")
        .addObject()
        .put("name", "zonekeeper:java:modules")
        .put("value", plain(release, "MODULES", ""));
  }

  private static String plain(Properties release, String key, String otherwise) {
    return release.getProperty(key, otherwise).replace("\"", "");
  }

  private ArrayNode components() {
    return (ArrayNode) bom.get("components");
  }

  /** The serial number is made of the content: the same image has the same. */
  private void write(Path file) throws IOException {
    UUID serial = UUID.nameUUIDFromBytes(JSON.writeValueAsBytes(bom));
    bom.put("serialNumber", "urn:uuid:" + serial);
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(bom);
    Files.writeString(file, text + "\n");
  }

  private static String sha256(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }
}
