package dev.zonekeeper.core;
