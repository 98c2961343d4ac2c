// The header of operators that the mistake itself has defined before it includes the list.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
