// The part of the ESP32's WiFi.h that the sketch uses. The machine's own network is there already.
#pragma once

struct {
  void begin(const char*, const char*) {}
  int RSSI() { return -60; }
} WiFi;
