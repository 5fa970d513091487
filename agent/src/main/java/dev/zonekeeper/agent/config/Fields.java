package dev.zonekeeper.agent.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/** One JSON object of a configuration file, read field by field; what is not read is an error. */
final class Fields {
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;
  private final String prefix;
  private final JsonNode object;
  private final Set<String> known = new HashSet<>();

  private Fields(Path file, String prefix, JsonNode object) throws ConfigException {
    this.file = file;
    this.prefix = prefix;
    this.object = object;
    if (!object.isObject()) {
      throw ConfigException.at(file, prefix, "expected an object, found " + shown(object));
    }
  }

  /** Turns the fields of one object into a value. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Fields fields) throws ConfigException;
  }

  /** Reads a whole file whose field {@code version} must be this one. */
  static <T> T read(Path file, int version, Reader<T> reader) throws IOException, ConfigException {
    try {
      return read(file, Files.readAllBytes(file), version, reader);
    } catch (NoSuchFileException missing) {
      throw new ConfigException(file + ": no such file");
    }
  }

  /** The same with what the file has. */
  static <T> T read(Path file, byte[] content, int version, Reader<T> reader)
      throws IOException, ConfigException {
    JsonNode root;
    try {
      root = JSON.readTree(content);
    } catch (JsonProcessingException broken) {
      String where =
          broken.getLocation() == null ? "" : "line " + broken.getLocation().getLineNr() + ": ";
      throw ConfigException.at(file, "", where + broken.getOriginalMessage());
    }
    Fields fields = new Fields(file, "", root);
    int found = fields.integer("version", 1, Integer.MAX_VALUE);
    if (found != version) {
      throw fields.error(
          "version",
          "expected " + version + ", found " + found + ": another version of Zonekeeper wrote it");
    }
    return fields.whole(reader);
  }

  /** A field that must be a text with something in it. */
  String text(String name) throws ConfigException {
    JsonNode value = required(name);
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw error(name, "expected a text, found " + shown(value));
    }
    return value.textValue();
  }

  /** A field that must be a whole number of the range. */
  int integer(String name, int least, int most) throws ConfigException {
    JsonNode value = required(name);
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < least
        || value.intValue() > most) {
      throw error(
          name,
          "expected a whole number from " + least + " to " + most + ", found " + shown(value));
    }
    return value.intValue();
  }

  /** A number that has a default. */
  int integer(String name, int least, int most, int otherwise) throws ConfigException {
    return has(name) ? integer(name, least, most) : otherwise;
  }

  /** A field that is false unless it says true. */
  boolean flag(String name) throws ConfigException {
    if (!has(name)) {
      return false;
    }
    JsonNode value = required(name);
    if (!value.isBoolean()) {
      throw error(name, "expected true or false, found " + shown(value));
    }
    return value.booleanValue();
  }

  InetSocketAddress address(String name) throws ConfigException {
    return converted(name, text(name), Addresses::parse);
  }

  /** A path; relative ones are relative to the folder of the file. */
  Path path(String name) throws ConfigException {
    Path folder = file.toAbsolutePath().getParent();
    return converted(name, text(name), text -> folder.resolve(text).normalize());
  }

  Optional<Path> optionalPath(String name) throws ConfigException {
    return has(name) ? Optional.of(path(name)) : Optional.empty();
  }

  /** A domain name, absolute whether or not it is written with a dot at its end, in lower case. */
  Name domain(String name) throws ConfigException {
    return converted(name, text(name), Fields::domainOf);
  }

  /** The objects of a list; a list that is not there is empty. */
  <T> List<T> objects(String name, Reader<T> reader) throws ConfigException {
    List<T> values = new ArrayList<>();
    for (JsonNode element : elements(name)) {
      String at = prefix + name + "[" + values.size() + "].";
      values.add(new Fields(file, at, element).whole(reader));
    }
    return List.copyOf(values);
  }

  /** The texts of a list, each converted; a list that is not there is empty. */
  <T> List<T> texts(String name, Function<String, T> conversion) throws ConfigException {
    List<T> values = new ArrayList<>();
    for (JsonNode element : elements(name)) {
      String at = name + "[" + values.size() + "]";
      if (!element.isTextual()) {
        throw error(at, "expected a text, found " + shown(element));
      }
      values.add(converted(at, element.textValue(), conversion));
    }
    return List.copyOf(values);
  }

  /** An object, empty when the field is not there. */
  <T> T object(String name, Reader<T> reader) throws ConfigException {
    JsonNode value = has(name) ? required(name) : JSON.createObjectNode();
    known.add(name);
    return new Fields(file, prefix + name + ".", value).whole(reader);
  }

  /** An object that may be left out. */
  <T> Optional<T> optionalObject(String name, Reader<T> reader) throws ConfigException {
    return has(name) ? Optional.of(object(name, reader)) : Optional.empty();
  }

  /** The sentence of the exception becomes the field's error. */
  <T, R> R converted(String name, T value, Function<T, R> conversion) throws ConfigException {
    try {
      return conversion.apply(value);
    } catch (IllegalArgumentException wrong) {
      throw error(name, wrong.getMessage());
    }
  }

  static Name domainOf(String text) {
    try {
      return Name.fromString(text, Name.root).canonicalize();
    } catch (TextParseException wrong) {
      throw new IllegalArgumentException(
          "expected a domain name, found \"" + text + "\" (" + wrong.getMessage() + ")", wrong);
    }
  }

  private <T> T whole(Reader<T> reader) throws ConfigException {
    T value;
    try {
      value = reader.read(this);
    } catch (IllegalArgumentException wrong) {
      String at = prefix.endsWith(".") ? prefix.substring(0, prefix.length() - 1) : prefix;
      throw ConfigException.at(file, at, wrong.getMessage());
    }
    for (var field : object.properties()) {
      if (!known.contains(field.getKey())) {
        throw error(field.getKey(), "no such field; there are " + String.join(", ", sorted(known)));
      }
    }
    return value;
  }

  private boolean has(String name) {
    known.add(name);
    return object.hasNonNull(name);
  }

  private JsonNode required(String name) throws ConfigException {
    if (!has(name)) {
      throw error(name, "is missing");
    }
    return object.get(name);
  }

  private Iterable<JsonNode> elements(String name) throws ConfigException {
    if (!has(name)) {
      return List.of();
    }
    JsonNode value = required(name);
    if (!value.isArray()) {
      throw error(name, "expected a list, found " + shown(value));
    }
    return value;
  }

  private ConfigException error(String name, String message) {
    return ConfigException.at(file, prefix + name, message);
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }

  private static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }

  /**
   * What {@link #path} reads: relative where the path is within the root, so that it can be moved.
   */
  static String written(Path path, Path folder, Path root) {
    Path absolute = path.toAbsolutePath().normalize();
    return absolute.startsWith(root) ? folder.relativize(absolute).toString() : absolute.toString();
  }

  /** The content of a file that people read as well. */
  static byte[] bytes(ObjectNode root) throws IOException {
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    return (text + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
