// SPDX-License-Identifier: Apache-2.0
//
// The text formats of Etch. One generic syntax for attributes: they are the components of Java
// records, so that a new operator or unit changes nothing here.
grammar Etch;

// %y = conv2d(%x, %w) {window = Window{kernelHeight = 5, ...}} : float32[1, 20, 24, 24]
graphFile
    : 'graph' name=STRING graphInput* node* graphOutput* EOF
    ;

graphInput
    : 'input' value=VALUE ':' type
    ;

graphOutput
    : 'output' value=VALUE
    ;

node
    : results+=VALUE (',' results+=VALUE)* '=' operator=WORD
      '(' (operands+=VALUE (',' operands+=VALUE)*)? ')'
      attributes? ':' types+=type (',' types+=type)* ('named' name=STRING)?
    ;

// Streams with their queues, then units, then the multipliers that some of them share.
designFile
    : 'design' name=STRING ('buffers' buffers=NUMBER)? streamDeclaration* unit* sharedArray*
      'input' in=VALUE outputPort+ EOF
    ;

outputPort
    : 'output' out=VALUE ('named' name=STRING)?
    ;

sharedArray
    : 'array' attributes
    ;

streamDeclaration
    : 'stream' value=VALUE ':' elements=NUMBER '*' element=WORD
      'beats' beats=NUMBER 'depth' depth=NUMBER
    ;

unit
    : 'unit' kind=WORD attributes
    ;

// What a hardware engineer decides and keeps in git. Everything is optional.
mappingFile
    : 'mapping' mappingItem* EOF
    ;

mappingItem
    : 'target' name=WORD                                   # targetItem
    | 'clock' megahertz=NUMBER 'MHz'                       # clockItem
    | 'budget' (kinds+=WORD amounts+=NUMBER)+              # budgetItem
    | 'reload' attributes                                  # reloadItem
    | 'memory' attributes                                  # memoryItem
    | 'layer' name=STRING attributes                       # layerItem
    | 'array' attributes                                   # arrayItem
    ;

// What is done to a model, in this order. Which names there are is up to the reader's table.
recipeFile
    : 'recipe' recipeLine* EOF
    ;

recipeLine
    : name=WORD attributes?
    ;

attributes
    : '{' (field (',' field)*)? '}'
    ;

field
    : name=word '=' literal
    ;

literal
    : STRING                                               # textLiteral
    | NUMBER                                               # numberLiteral
    | VALUE                                                # referenceLiteral
    | '[' (literal (',' literal)*)? ']'                    # listLiteral
    | WORD attributes                                      # recordLiteral
    | type '[' (NUMBER (',' NUMBER)*)? ']'                 # numbersTensorLiteral
    | type HEX                                             # hexTensorLiteral
    | type                                                 # typeLiteral
    | WORD                                                 # wordLiteral
    ;

// An attribute may have the name of a keyword.
word
    : WORD | 'graph' | 'input' | 'output' | 'named' | 'design' | 'stream' | 'beats' | 'depth'
    | 'unit' | 'mapping' | 'target' | 'clock' | 'MHz' | 'budget' | 'reload' | 'memory' | 'layer' | 'array'
    | 'buffers' | 'recipe'
    ;

type
    : element=WORD '[' (NUMBER (',' NUMBER)*)? ']'
    ;

HEX     : 'x"' [0-9a-f]* '"' ;
STRING  : '"' STRING_CHARACTER* '"' ;
VALUE   : '%' ([A-Za-z0-9_.:/-]+ | '"' STRING_CHARACTER* '"') ;
NUMBER  : '-'? ([0-9]+ ('.' [0-9]+)? ([eE] [+-]? [0-9]+)? | 'Infinity') ;
WORD    : [A-Za-z_] [A-Za-z0-9_]* ('-' [A-Za-z0-9_]+)* ;
COMMENT : '//' ~[\r\n]* -> skip ;
SPACE   : [ \t\r\n]+ -> skip ;
INVALID : . ;

fragment STRING_CHARACTER : ~["\\\u0000-\u001f] | '\\' ["\\nrt] | '\\u' HEX4 ;
fragment HEX4 : [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F] ;
