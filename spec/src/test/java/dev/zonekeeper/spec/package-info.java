/** Runs TLC over the specification, which is in the folder of this module. */
package dev.zonekeeper.spec;
