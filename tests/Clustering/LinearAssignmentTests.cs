using DeviceId.Clustering;

namespace DeviceId.Tests.Clustering;

public sealed class LinearAssignmentTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 10)]
    [InlineData(4, 3)]
    [InlineData(6, 2)]
    [InlineData(7, 1000)]
    public void TheSumOfTheCostsIsTheSmallestOfAllPermutations(int size, int differentCosts)
    {
        var random = new Random(size);
        for (var trial = 0; trial < 20; trial++)
        {
            var costs = new double[size, size];
            for (var row = 0; row < size; row++)
                for (var column = 0; column < size; column++)
                    costs[row, column] = random.Next(differentCosts) - (differentCosts / 2);
            var columns = LinearAssignment.Solve(costs);
            Assert.Equal(Enumerable.Range(0, size), columns.Order());
            var smallest = Permutations(size).Min(permutation => permutation.Select((column, row) => costs[row, column]).Sum());
            Assert.Equal(smallest, columns.Select((column, row) => costs[row, column]).Sum());
        }
    }

    [Fact]
    public void AMatrixThatIsNotSquareIsRefused() =>
        Assert.Throws<ArgumentException>(() => LinearAssignment.Solve(new double[2, 3]));

    [Fact]
    public void NothingIsAssignedWithoutRows() => Assert.Empty(LinearAssignment.Solve(new double[0, 0]));

    /// <summary>All permutations of 0..size - 1.</summary>
    internal static IEnumerable<int[]> Permutations(int size)
    {
        if (size == 0)
            return [[]];
        return
            from shorter in Permutations(size - 1)
            from place in Enumerable.Range(0, size)
            select (int[])[.. shorter[..place], size - 1, .. shorter[place..]];
    }
}
