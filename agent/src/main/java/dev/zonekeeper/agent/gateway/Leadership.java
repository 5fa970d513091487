package dev.zonekeeper.agent.gateway;

import java.time.Duration;

/** Who takes writes, as this member knows it now. */
public interface Leadership {

  /** What this member knows of the leader. */
  sealed interface View {}

  /**
   * This member leads and its zones take writes.
   *
   * @param epoch the epoch it leads in
   */
  record Here(long epoch) implements View {}

  /**
   * Another member leads.
   *
   * @param member its name
   * @param epoch the epoch it leads in
   */
  record There(String member, long epoch) implements View {}

  /**
   * Nobody takes writes now: an election or a handover is under way. Messages are held.
   *
   * @param why one sentence
   */
  record Nobody(String why) implements View {}

  /** The view of this moment. Does not block. */
  View now();

  /**
   * Waits until the view differs from one seen before.
   *
   * @param seen the view to wait away from; when it is not the view of this moment the call returns
   *     at once
   * @param atMost how long to wait
   * @return the view at the end of the wait, changed or not
   */
  View awaitOther(View seen, Duration atMost) throws InterruptedException;
}
