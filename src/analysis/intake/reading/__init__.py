"""Files of survey tools as tables of text: delimited text, Excel, SPSS and Stata."""
