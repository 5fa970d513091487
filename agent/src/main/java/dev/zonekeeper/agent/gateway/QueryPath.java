package dev.zonekeeper.agent.gateway;

import dev.zonekeeper.agent.gateway.LeaderRoute.Origin;
import dev.zonekeeper.dns.AliasedAnswer;
import dev.zonekeeper.dns.ExtendedError;
import dev.zonekeeper.dns.Peek;
import dev.zonekeeper.dns.TransferProgress;
import dev.zonekeeper.dns.net.DnsPool;
import dev.zonekeeper.dns.net.NotSentException;
import dev.zonekeeper.dns.net.OutcomeUnknownException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * The way of a query with one message for an answer: to the leader's named, and back once nothing
 * in the answer can be taken back by a failover.
 */
final class QueryPath {

  private final LeaderRoute route;
  private final Commits commits;
  private final ServedZones zones;
  private final DnsPool named;
  private final GatewaySettings settings;
  private final GatewayCounters counters;
  private final Admission admission;

  QueryPath(
      LeaderRoute route,
      Commits commits,
      ServedZones zones,
      DnsPool named,
      GatewaySettings settings,
      GatewayCounters counters) {
    this.route = route;
    this.commits = commits;
    this.zones = zones;
    this.named = named;
    this.settings = settings;
    this.counters = counters;
    this.admission =
        new Admission(settings.queriesInFlight(), settings.queue(), settings.queueBytes());
    counters.watch(admission, GatewayCounters.Kind.QUERY);
  }

  /** Takes a query to the leader and returns what its client is to be told. */
  Answer take(byte[] message, Peek.Readable query, Origin origin) throws InterruptedException {
    return route.take(
        origin,
        new LeaderRoute.Attempt() {
          @Override
          public Answer here(Leadership.Here view) throws NotSentException, InterruptedException {
            return ask(message, query, view);
          }

          @Override
          public Answer there(DnsPool leader) throws NotSentException, InterruptedException {
            return forward(message, query, leader);
          }
        });
  }

  private Answer ask(byte[] message, Peek.Readable query, Leadership.Here view)
      throws NotSentException, InterruptedException {
    byte[] answer;
    try (var _ = admission.enter(message.length)) {
      answer = named.exchange(message, settings.namedTimeout());
    } catch (Admission.QueueFullException e) {
      return Answer.notTaken(e.getMessage());
    } catch (OutcomeUnknownException e) {
      return unanswered(query, e);
    }
    try {
      awaitCommitted(query, answer);
    } catch (NotCommittedException e) {
      if (route.changedSince(view)) {
        throw new NotSentException(e.getMessage(), e);
      }
      return Answer.notTaken(e.getMessage());
    }
    return new Answer.Relayed(answer);
  }

  /** An alias may lead into another zone of ours, or to the SOA record of its own. */
  private void awaitCommitted(Peek.Readable query, byte[] answer)
      throws NotCommittedException, InterruptedException {
    Set<Name> owners = AliasedAnswer.owners(answer);
    OptionalLong serial =
        query.type() == Type.SOA && owners.isEmpty()
            ? TransferProgress.soaSerial(answer)
            : OptionalLong.empty();
    if (serial.isPresent()) {
      commits.awaitCommitted(query.name(), serial.getAsLong());
      return;
    }
    Set<Name> shown = new LinkedHashSet<>();
    zones.of(query.name()).ifPresent(shown::add);
    owners.forEach(owner -> zones.of(owner).ifPresent(shown::add));
    for (Name zone : shown) {
      commits.settleForRead(zone);
    }
  }

  private Answer forward(byte[] message, Peek.Readable query, DnsPool leader)
      throws NotSentException, InterruptedException {
    counters.forwarded();
    byte[] answer;
    try {
      answer = leader.exchange(message, settings.forwardTimeout());
    } catch (OutcomeUnknownException e) {
      return unanswered(query, e);
    }
    Optional<PeerSignal> signal = PeerSignal.of(answer);
    return signal.isPresent() ? signal.get().orRetry() : new Answer.Relayed(answer);
  }

  /** A query changes nothing and may be sent again, unless it is a step of a key negotiation. */
  private static Answer unanswered(Peek.Readable query, OutcomeUnknownException e)
      throws NotSentException {
    if (query.type() == Type.TKEY) {
      return Answer.unknown(ExtendedError.NETWORK_ERROR, "no answer to the TKEY query");
    }
    throw new NotSentException(e.getMessage(), e);
  }
}
