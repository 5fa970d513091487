/**
 * The two configuration files: {@code cluster.json}, what the cluster shall be, and {@code
 * agent.json}, how one member is run. Errors name the file, the field, what was expected and what
 * was found.
 */
package dev.zonekeeper.agent.config;
