package dev.zonekeeper.agent.gateway;

import dev.zonekeeper.agent.gateway.LeaderRoute.Origin;
import dev.zonekeeper.dns.ExtendedError;
import dev.zonekeeper.dns.net.DnsPool;
import dev.zonekeeper.dns.net.Exchanger;
import dev.zonekeeper.dns.net.NotSentException;
import dev.zonekeeper.dns.net.OutcomeUnknownException;
import java.util.Optional;
import org.xbill.DNS.Name;

/** The way of an UPDATE: to the leader's named, and back once its effect is committed. */
final class UpdatePath {

  private final LeaderRoute route;
  private final Commits commits;
  private final Exchanger named;
  private final GatewaySettings settings;
  private final GatewayCounters counters;
  private final Admission admission;

  UpdatePath(
      LeaderRoute route,
      Commits commits,
      Exchanger named,
      GatewaySettings settings,
      GatewayCounters counters) {
    this.route = route;
    this.commits = commits;
    this.named = named;
    this.settings = settings;
    this.counters = counters;
    this.admission =
        new Admission(settings.updatesInFlight(), settings.queue(), settings.queueBytes());
    counters.watch(admission, GatewayCounters.Kind.UPDATE);
  }

  /** Takes an update to the leader and returns what its client is to be told. */
  Answer take(byte[] message, Name zone, Origin origin) throws InterruptedException {
    return route.take(
        origin,
        new LeaderRoute.Attempt() {
          @Override
          public Answer here(Leadership.Here view) throws NotSentException, InterruptedException {
            return apply(message, zone, view);
          }

          @Override
          public Answer there(DnsPool leader) throws NotSentException, InterruptedException {
            return forward(message, leader);
          }
        });
  }

  private Answer apply(byte[] message, Name zone, Leadership.Here view)
      throws NotSentException, InterruptedException {
    Stations.Stopwatch watch = counters.stations().start();
    try (var slot = admission.enter(message.length);
        var update = commits.applying(zone)) {
      watch.passed(Stations.Station.QUEUE);
      byte[] answer = named.exchange(message, settings.namedTimeout());
      slot.leave();
      watch.passed(Stations.Station.NAMED);
      return settled(answer, update, watch);
    } catch (Admission.QueueFullException e) {
      return Answer.notTaken(e.getMessage());
    } catch (NotCommittedException e) {
      if (route.changedSince(view)) {
        throw new NotSentException(e.getMessage(), e);
      }
      return Answer.notTaken(e.getMessage());
    } catch (OutcomeUnknownException e) {
      return Answer.unknown(
          ExtendedError.OTHER, "named did not answer; the update may have been applied");
    }
  }

  /** Refusals wait as well: what a client learns must survive a failover. */
  private static Answer settled(byte[] answer, Commits.Applying update, Stations.Stopwatch watch)
      throws InterruptedException {
    try {
      watch.passedAt(Stations.Station.READ, update.settle());
      watch.passed(Stations.Station.CONFIRM);
      return new Answer.Relayed(answer);
    } catch (NotCommittedException e) {
      return Answer.unknown(ExtendedError.OTHER, e.getMessage());
    }
  }

  private Answer forward(byte[] message, DnsPool leader)
      throws NotSentException, InterruptedException {
    counters.forwarded();
    byte[] answer;
    try {
      answer = leader.exchange(message, settings.forwardTimeout());
    } catch (OutcomeUnknownException e) {
      return Answer.unknown(
          ExtendedError.NETWORK_ERROR,
          "the leader did not answer; the update may have been applied");
    }
    Optional<PeerSignal> signal = PeerSignal.of(answer);
    return signal.isPresent() ? signal.get().orRetry() : new Answer.Relayed(answer);
  }
}
