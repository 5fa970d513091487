package dev.zonekeeper.cli;
