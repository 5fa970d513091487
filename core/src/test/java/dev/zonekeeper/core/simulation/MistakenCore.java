package dev.zonekeeper.core.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.zonekeeper.core.Election;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The core and the simulation once more, with one class of the core compiled from a source that has
 * a mistake planted in it.
 */
final class MistakenCore extends ClassLoader {
  private static final String CORE = "dev.zonekeeper.core.";
  private static final Path SOURCES = Path.of("src/main/java/dev/zonekeeper/core");

  private final Map<String, byte[]> mistaken;
  private final Method run;

  MistakenCore(PlantedMistake mistake) throws IOException, ReflectiveOperationException {
    super(MistakenCore.class.getClassLoader());
    String source = Files.readString(SOURCES.resolve(mistake.className() + ".java"));
    this.mistaken = compile(mistake.className(), mistake.plantIn(source));
    this.run =
        loadClass(ClusterSimulation.class.getName())
            .getDeclaredMethod("run", long.class, Set.class);
    run.setAccessible(true);
  }

  /** What a run with this seed finds. */
  Optional<String> violation(long seed) throws ReflectiveOperationException {
    Object outcome = run.invoke(null, seed, Set.of());
    Method violation = outcome.getClass().getDeclaredMethod("violation");
    violation.setAccessible(true);
    return ((Optional<?>) violation.invoke(outcome)).map(String.class::cast);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(CORE)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] code = mistaken.get(name);
    if (code == null) {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        code = in.readAllBytes();
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
    return defineClass(name, code, 0, code.length);
  }

  private static Map<String, byte[]> compile(String className, String source) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8);
        InMemory memory = new InMemory(files)) {
      List<String> options = List.of("-proc:none", "-classpath", builtCore().toString());
      boolean compiled =
          compiler
              .getTask(
                  messages, memory, null, options, null, List.of(new Source(className, source)))
              .call();
      if (!compiled) {
        throw new IllegalStateException("the mistake does not compile: " + messages);
      }
      Map<String, byte[]> classes = new HashMap<>();
      memory.written.forEach((name, code) -> classes.put(name, code.toByteArray()));
      return classes;
    }
  }

  private static Path builtCore() {
    return Path.of(
        URI.create(Election.class.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(URI.create("string:///dev/zonekeeper/core/" + className + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps what the compiler writes. */
  private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

    InMemory(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject of) {
      return new SimpleJavaFileObject(URI.create("memory:///" + className), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          written.put(className, out);
          return out;
        }
      };
    }
  }
}
