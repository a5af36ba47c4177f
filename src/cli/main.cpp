#include "cli/command.hpp"

int main(int count, char** words) { return ascribe::run_program(count, words); }
