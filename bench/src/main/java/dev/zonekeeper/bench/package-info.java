package dev.zonekeeper.bench;
