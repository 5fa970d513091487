package dev.zonekeeper.dns;
