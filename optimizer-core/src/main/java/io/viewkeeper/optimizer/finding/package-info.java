// SPDX-License-Identifier: Apache-2.0
/** What is wrong with a plan: pure rules, one class each, over plan records and a few facts. No I/O. */
@NullMarked
package io.viewkeeper.optimizer.finding;

import org.jspecify.annotations.NullMarked;
