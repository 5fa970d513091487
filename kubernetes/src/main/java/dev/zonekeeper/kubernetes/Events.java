package dev.zonekeeper.kubernetes;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people what happened, as Events of the core API, which every Kubernetes has. They are sent
 * one by one by a thread of their own; those that cannot be sent in time are dropped, and so are
 * too many in a row.
 */
final class Events implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final String COMPONENT = "zonekeeper";
  private static final int MOST_WAITING = 20;
  private static final int MOST_PER_PERIOD = 20;
  private static final Duration PERIOD = Duration.ofMinutes(5);
  private static final Duration STALE = Duration.ofMinutes(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final int LONGEST_MESSAGE = 1000;

  /** Whether somebody should do something about it. */
  enum Weight {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String word;

    Weight(String word) {
      this.word = word;
    }
  }

  /** An object to be found in {@code kubectl describe}. */
  record About(String apiVersion, String kind, String namespace, String name) {}

  private record News(
      About about,
      Supplier<Optional<String>> uid,
      Weight weight,
      String reason,
      String message,
      Instant at) {}

  private final Api api;
  private final String instance;
  private final InstantSource clock;
  private final LinkedBlockingQueue<News> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
  private final Deque<Instant> taken = new ArrayDeque<>();
  private final Thread thread;

  /**
   * Begins to send.
   *
   * @param instance who reports: the pod
   */
  Events(Api api, String instance, InstantSource clock) {
    this.api = api;
    this.instance = instance;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("events").start(this::send);
  }

  /**
   * Has an event sent soon; does not block.
   *
   * @param uid of the object, asked when the event is sent
   * @param reason one word in UpperCamelCase
   * @param message a sentence
   */
  void tell(
      About about, Supplier<Optional<String>> uid, Weight weight, String reason, String message) {
    Instant now = clock.instant();
    if (!mayTell(now) || !waiting.offer(new News(about, uid, weight, reason, message, now))) {
      LOG.debug("too many events; not told: {}: {}", reason, message);
    }
  }

  private synchronized boolean mayTell(Instant now) {
    while (!taken.isEmpty() && taken.peek().isBefore(now.minus(PERIOD))) {
      taken.remove();
    }
    return taken.size() < MOST_PER_PERIOD && taken.add(now);
  }

  private void send() {
    try {
      while (!Thread.interrupted()) {
        send(waiting.take());
      }
    } catch (InterruptedException e) {
      LOG.debug("no more events");
    }
  }

  private void send(News news) throws InterruptedException {
    Pause pause = new Pause(FIRST_PAUSE, LONGEST_PAUSE);
    while (clock.instant().isBefore(news.at.plus(STALE))) {
      try {
        Event event = event(news);
        api.call(
            "tell the event " + news.reason,
            () ->
                api.client()
                    .v1()
                    .events()
                    .inNamespace(news.about.namespace)
                    .resource(event)
                    .create());
        return;
      } catch (ApiFailure refused) {
        if (refused.code() >= 400 && refused.code() < 500 && refused.code() != 429) {
          LOG.debug("{}", refused.getMessage());
          return;
        }
        LOG.trace("again later", refused);
      } catch (IOException | RuntimeException e) {
        LOG.trace("again later", e);
      }
      pause.take();
    }
  }

  private Event event(News news) {
    String at = news.at.truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectReference object =
        new ObjectReferenceBuilder()
            .withApiVersion(news.about.apiVersion)
            .withKind(news.about.kind)
            .withNamespace(news.about.namespace)
            .withName(news.about.name)
            .withUid(news.uid.get().orElse(null))
            .build();
    String message =
        news.message.length() <= LONGEST_MESSAGE
            ? news.message
            : news.message.substring(0, LONGEST_MESSAGE - 3) + "...";
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(news.about.namespace)
        .withGenerateName(news.about.name + ".")
        .endMetadata()
        .withInvolvedObject(object)
        .withType(news.weight.word)
        .withReason(news.reason)
        .withMessage(message)
        .withFirstTimestamp(at)
        .withLastTimestamp(at)
        .withCount(1)
        .withNewSource()
        .withComponent(COMPONENT)
        .endSource()
        .withReportingComponent(COMPONENT)
        .withReportingInstance(instance)
        .build();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
