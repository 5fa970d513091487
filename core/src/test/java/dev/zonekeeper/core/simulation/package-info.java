/** Whole clusters of real protocol cores in virtual time, with everything around them modelled. */
package dev.zonekeeper.core.simulation;
