"""The report: notebooks run by papermill, pages made by nbconvert, an index that links them."""
