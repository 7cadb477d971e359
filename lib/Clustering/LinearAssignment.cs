namespace DeviceId.Clustering;

/// <summary>
/// Assigns each row of a square matrix of costs a column of its own, so that the sum of the costs is minimal.
/// </summary>
/// <remarks>The Hungarian method (H. W. Kuhn, Naval Res. Logist. 2, 1955) with shortest augmenting paths, O(n³).</remarks>
internal static class LinearAssignment
{
    private const int None = -1;

    /// <summary>Solves the assignment.</summary>
    /// <param name="costs">(row, column), square, finite.</param>
    /// <returns>The column of each row.</returns>
    /// <exception cref="ArgumentException">The matrix is not square.</exception>
    public static int[] Solve(double[,] costs)
    {
        var size = costs.GetLength(0);
        if (costs.GetLength(1) != size)
            throw new ArgumentException($"The matrix of costs is {size} x {costs.GetLength(1)}: it must be square.", nameof(costs));
        var (rowPrices, columnPrices) = (new double[size], new double[size]);
        var rowOf = new int[size];
        Array.Fill(rowOf, None);
        for (var row = 0; row < size; row++)
            Augment(costs, row, rowPrices, columnPrices, rowOf);
        var columnOf = new int[size];
        for (var column = 0; column < size; column++)
            columnOf[rowOf[column]] = column;
        return columnOf;
    }

    /// <summary>Assigns one more row along the shortest augmenting path, and keeps all reduced costs at least zero.</summary>
    private static void Augment(double[,] costs, int start, double[] rowPrices, double[] columnPrices, int[] rowOf)
    {
        var size = rowOf.Length;
        var (distance, previous, isDone) = (new double[size], new int[size], new bool[size]);
        Array.Fill(distance, double.PositiveInfinity);
        var (row, column, length) = (start, None, 0.0);
        while (row != None)
        {
            var next = None;
            for (var c = 0; c < size; c++)
            {
                if (isDone[c])
                    continue;
                var through = length + costs[row, c] - rowPrices[row] - columnPrices[c];
                if (through < distance[c])
                    (distance[c], previous[c]) = (through, column);
                if (next == None || distance[c] < distance[next])
                    next = c;
            }

            (column, length, row) = (next, distance[next], rowOf[next]);
            isDone[column] = true;
        }

        for (var c = 0; c < size; c++)
        {
            if (!isDone[c])
                continue;
            columnPrices[c] += distance[c] - length;
            if (rowOf[c] != None)
                rowPrices[rowOf[c]] += length - distance[c];
        }

        rowPrices[start] += length;
        for (; column != None; column = previous[column])
            rowOf[column] = previous[column] == None ? start : rowOf[previous[column]];
    }
}
