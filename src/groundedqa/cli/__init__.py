"""What an operator types. Standard output is for results, standard error for everything else."""
