package dev.zonekeeper.dns.net;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where the messages of a {@link DnsPool} wait. Most wait for room on any connection: when there is
 * some, one of them is woken, for a crowd that is woken each time would do little else. A few wait
 * for their ID, which is in use wherever there is room: they are woken at every change.
 *
 * <p>To be used with the lock held.
 */
final class WaitingRoom {

  private final Condition room;
  private final Condition id;
  private final String full;
  private int forRoom;
  private int forId;
  private int failures;
  private String lastFailure = "";

  /**
   * @param full what is said to those that have waited in vain
   */
  WaitingRoom(ReentrantLock lock, String full) {
    this.full = full;
    this.room = lock.newCondition();
    this.id = lock.newCondition();
  }

  int count() {
    return forRoom + forId;
  }

  /**
   * Waits until there may be room.
   *
   * @throws NotSentException the deadline has passed, or all that wait were failed
   */
  void awaitRoom(long deadline) throws NotSentException, InterruptedException {
    forRoom++;
    try {
      await(room, deadline);
    } catch (InterruptedException e) {
      room.signal(); // perhaps it was just woken: the room is for another
      throw e;
    } finally {
      forRoom--;
    }
  }

  /** The same, until an ID may be free. */
  void awaitId(long deadline) throws NotSentException, InterruptedException {
    forId++;
    try {
      await(id, deadline);
    } finally {
      forId--;
    }
  }

  /** A message was answered: there is room for one, and an ID is free. */
  void wakeOne() {
    room.signal();
    id.signalAll();
  }

  /** There is room, but not for the one that looked. */
  void passOn() {
    room.signal();
  }

  /** Much has changed. */
  void wakeAll() {
    room.signalAll();
    id.signalAll();
  }

  /** There will be no room: what waits now fails. */
  void failAll(String reason) {
    failures++;
    lastFailure = reason;
    wakeAll();
  }

  /** Returns after a while, or when woken; its caller looks again. */
  @SuppressWarnings("WaitNotInLoop") // DnsPool.admit is the loop
  private void await(Condition condition, long deadline)
      throws NotSentException, InterruptedException {
    int before = failures;
    long left = deadline - System.nanoTime();
    if (left <= 0 || !condition.await(left, TimeUnit.NANOSECONDS)) {
      throw new NotSentException(full);
    }
    if (failures != before) {
      throw new NotSentException(lastFailure);
    }
  }
}
