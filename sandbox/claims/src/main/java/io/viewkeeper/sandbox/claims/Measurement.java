package io.viewkeeper.sandbox.claims;

/** One line of a benchmark: a value, what it is compared with, and how many times smaller the value is. */
public record Measurement(String measure, double value, String unit, double baseline, double ratio) {}
