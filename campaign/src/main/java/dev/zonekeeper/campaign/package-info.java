/**
 * The fault campaign: clients write and read while one fault after the other happens, and in the
 * end what they saw is judged.
 */
package dev.zonekeeper.campaign;
