/** A member's data folder: its identity, its marks, its lock. */
package dev.zonekeeper.agent.home;
