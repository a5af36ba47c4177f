# Warnings, hardening and ccache: one place, linked privately by every target of ours.
add_library(ascribe_flags INTERFACE)
target_compile_options(ascribe_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual
  -Wno-missing-field-initializers  # designated initialisers name what matters; the rest is the member's default
  # Two warnings of g++ 12 that are false at -O2 and above: overlap in string concatenation (GCC bug 105651) and members of an
  # empty std::optional (GCC bug 80635).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<BOOL:${ASCRIBE_STRICT}>:-Werror>)

# Evidence is hostile, so hardening is on in every build: bounds-checked standard containers, canaries, PIE, full RELRO.
target_compile_definitions(ascribe_flags INTERFACE _GLIBCXX_ASSERTIONS)
target_compile_options(ascribe_flags INTERFACE -fstack-protector-strong
  $<$<AND:$<NOT:$<CONFIG:Debug>>,$<CXX_COMPILER_ID:GNU>>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
target_link_options(ascribe_flags INTERFACE -pie -Wl,-z,relro,-z,now)

find_program(ASCRIBE_CCACHE ccache)
if(ASCRIBE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ASCRIBE_CCACHE})
endif()
