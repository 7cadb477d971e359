namespace DeviceId.Clustering;

/// <summary>How many items two partitions of the same items have in common, cluster by class.</summary>
/// <remarks>Entropies and information in nats.</remarks>
internal sealed class ContingencyTable
{
    private readonly int[,] _counts;
    private readonly int[] _rows;
    private readonly int[] _columns;

    /// <param name="clusters">The cluster of each item, any numbers.</param>
    /// <param name="classes">The class of each item, any numbers.</param>
    /// <exception cref="ArgumentException">The partitions have different lengths, or no items.</exception>
    public ContingencyTable(IReadOnlyList<int> clusters, IReadOnlyList<int> classes)
    {
        if (clusters.Count != classes.Count || clusters.Count == 0)
            throw new ArgumentException($"Two partitions of the same items are needed, not of {clusters.Count} and {classes.Count}.");
        var (rows, columns) = (RepeatedKMeans.Renumber(clusters), RepeatedKMeans.Renumber(classes));
        _counts = new int[rows.Max() + 1, columns.Max() + 1];
        (_rows, _columns, Items) = (new int[rows.Max() + 1], new int[columns.Max() + 1], clusters.Count);
        for (var i = 0; i < Items; i++)
        {
            _counts[rows[i], columns[i]]++;
            _rows[rows[i]]++;
            _columns[columns[i]]++;
        }
    }

    /// <summary>Number of items.</summary>
    public int Items { get; }

    /// <summary>Number of clusters.</summary>
    public int Clusters => _rows.Length;

    /// <summary>Number of classes.</summary>
    public int Classes => _columns.Length;

    /// <summary>Whether the two partitions are the same but for the numbers.</summary>
    public bool IsSame => Clusters == Classes && Cells().Count(cell => cell.Both > 0) == Clusters;

    /// <summary>
    /// Adjusted Rand index (L. Hubert, P. Arabie, J. Classif. 2, 1985): pairs of items that agree, less those expected for random
    /// partitions of the same sizes; 1 for equal partitions, 0 on average for random ones.
    /// </summary>
    public double AdjustedRand()
    {
        static double Pairs(long count) => count * (count - 1) / 2.0;
        var (together, rows, columns) = (Cells().Sum(cell => Pairs(cell.Both)), _rows.Sum(n => Pairs(n)), _columns.Sum(n => Pairs(n)));
        var expected = Items < 2 ? 0 : rows * columns / Pairs(Items);
        return IsSame ? 1 : (together - expected) / (((rows + columns) / 2) - expected);
    }

    /// <summary>Mutual information divided by the mean of the entropies, in [0, 1]; not adjusted for chance.</summary>
    public double NormalisedMutualInformation() => IsSame ? 1 : Math.Clamp(MutualInformation() / MeanEntropy, 0, 1);

    /// <summary>
    /// Adjusted mutual information (N. X. Vinh, J. Epps, J. Bailey, JMLR 11, 2010, mean of the entropies): 1 for equal partitions, 0 on
    /// average for random partitions of the same sizes.
    /// </summary>
    public double AdjustedMutualInformation()
    {
        if (IsSame)
            return 1;
        var expected = ExpectedMutualInformation();
        return (MutualInformation() - expected) / (MeanEntropy - expected);
    }

    /// <summary>Share of items in the most frequent class of their cluster, in (0, 1]; 1 if every item is its own cluster.</summary>
    public double Purity() => Enumerable.Range(0, Clusters)
        .Sum(r => Enumerable.Range(0, Classes).Max(c => _counts[r, c])) / (double)Items;

    /// <summary>
    /// Share of items that are in the right class if each cluster is given one class, and each class one cluster, as well as possible
    /// (Hungarian method), in (0, 1].
    /// </summary>
    public double Accuracy()
    {
        var costs = new double[Math.Max(Clusters, Classes), Math.Max(Clusters, Classes)];
        foreach (var cell in Cells())
            costs[cell.Row, cell.Column] = -cell.Both;
        return LinearAssignment.Solve(costs).Select((column, row) => -costs[row, column]).Sum() / Items;
    }

    /// <summary>Mutual information of the partitions.</summary>
    internal double MutualInformation() => Math.Max(0, Cells().Where(cell => cell.Both > 0)
        .Sum(cell => cell.Both / (double)Items * Math.Log((double)Items * cell.Both / ((double)_rows[cell.Row] * _columns[cell.Column]))));

    /// <summary>The mean of the mutual information over all partitions of the same sizes (Vinh et al., eq. 24a).</summary>
    internal double ExpectedMutualInformation()
    {
        var logFactorial = new double[Items + 1];
        for (var i = 2; i <= Items; i++)
            logFactorial[i] = logFactorial[i - 1] + Math.Log(i);
        // Clusters of one size have the same terms.
        var sizes =
            from row in _rows.GroupBy(size => size)
            from column in _columns.GroupBy(size => size)
            select (Row: row.Key, Column: column.Key, Cells: (double)row.Count() * column.Count());
        return sizes.Sum(cell => cell.Cells * ExpectedInCell(cell.Row, cell.Column, logFactorial));
    }

    private double ExpectedInCell(int row, int column, double[] logFactorial)
    {
        var sum = 0.0;
        for (var both = Math.Max(1, row + column - Items); both <= Math.Min(row, column); both++)
        {
            // The hypergeometric probability of so many items in both.
            var logProbability = logFactorial[row] + logFactorial[column] + logFactorial[Items - row] + logFactorial[Items - column]
                - logFactorial[Items] - logFactorial[both] - logFactorial[row - both] - logFactorial[column - both]
                - logFactorial[Items - row - column + both];
            sum += both / (double)Items * Math.Log((double)Items * both / ((double)row * column)) * Math.Exp(logProbability);
        }

        return sum;
    }

    private double MeanEntropy => (Entropy(_rows) + Entropy(_columns)) / 2;

    private double Entropy(int[] sizes) => -sizes.Sum(size => size / (double)Items * Math.Log(size / (double)Items));

    private IEnumerable<(int Row, int Column, long Both)> Cells() =>
        from row in Enumerable.Range(0, Clusters)
        from column in Enumerable.Range(0, Classes)
        select (row, column, (long)_counts[row, column]);
}
