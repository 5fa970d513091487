package dev.zonekeeper.agent;
